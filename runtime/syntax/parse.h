// Python source text -> syntax tree, or the SyntaxError that CPython 3.14 would raise.
//
// parse() reads the text once from front to back: a tokenizer makes words of it on demand, a parser
// by recursive descent makes nodes of them. Only when that fails does a second pass look for the
// mistake with patience, as CPython's does, so that a correct program pays nothing for good
// messages. Time and memory are linear in the text; no text whatever crashes or overflows the stack
// (nesting is limited and the limits are errors).
//
// Knows no objects: the caller makes an exception of a SyntaxProblem. Errors that need more than
// grammar ('return' outside function, a name that is local and global) are the compiler's;
// SyntaxTree::problem() gives them the same shape.
//
// Ancestry: https://docs.python.org/3/reference/grammar.html (3.14),
// https://docs.python.org/3/reference/lexical_analysis.html.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/syntax/arena.h"
#include "runtime/syntax/tree.h"

namespace syntax {

enum class ProblemKind : std::uint8_t {
  kSyntaxError,
  kIndentationError,
  kTabError,
  kMemoryError,     // nested too deep for the parser; only the message counts
  kRecursionError,  // the tree is too high; only the message counts
  kValueError,      // cannot be source text at all; only the message counts
};

// "SyntaxError"
const char* name_of(ProblemKind kind);

// What SyntaxError(message, (filename, line, offset, text, end_line, end_offset)) is made of.
struct SyntaxProblem {
  ProblemKind kind = ProblemKind::kSyntaxError;
  std::string message;
  int line = 0;    // from 1; 0: the text as a whole
  int offset = 0;  // from 1, in characters, as SyntaxError.offset; 0 or -1 where CPython has it so
  int end_line = 0;
  int end_offset = 0;
  // The line, with its newline when it has one; none when there is no line to show.
  std::optional<std::string> text;
};

// Warnings do not stop a parse; the caller passes them to the warnings module in this order.
enum class WarningKind : std::uint8_t { kSyntaxWarning, kDeprecationWarning };
struct SyntaxWarning {
  WarningKind kind = WarningKind::kSyntaxWarning;
  std::string message;
  Position position;
};

enum class Mode : std::uint8_t {
  kModule,       // compile(..., "exec"): root is a Module
  kExpression,   // "eval": root is an Evaluation
  kInteractive,  // "single": root is an Interactive
};

// Bytes may carry a byte order mark or declare their encoding; text is UTF-8 already and a
// declaration in it is a comment.
enum class SourceKind : std::uint8_t { kBytes, kText };

struct ParseOptions {
  SourceKind source_kind = SourceKind::kBytes;
  int maximum_integer_digits =
      4300;  // of a decimal literal (sys.set_int_max_str_digits); 0: no limit
};

// A parsed program: its text, its nodes. Immutable once parse() has returned it.
class SyntaxTree {
 public:
  SyntaxTree(std::string source, Mode mode);

  Mode mode() const { return mode_; }
  const Node* root() const { return root_; }  // by mode: Module, Evaluation, Interactive
  const Module* module() const { return as<Module>(root_); }

  // The whole text as UTF-8, each line ending in "\n".
  std::string_view source() const { return source_; }
  std::string_view line(
      std::uint32_t number) const;  // with its newline; empty when there is no such line
  // The source of a node: what ast.get_source_segment() says.
  std::string_view text_of(const Position& position) const;

  // A problem that somebody else (the compiler) found at this place.
  SyntaxProblem problem(const Position& position, std::string message,
                        ProblemKind kind = ProblemKind::kSyntaxError) const;

  // For the parser alone.
  Arena& arena() { return arena_; }
  void set_root(const Node* root) { root_ = root; }

 private:
  std::size_t offset_of(std::uint32_t line, std::uint32_t column) const;

  std::string source_;
  std::vector<std::uint32_t> line_starts_;
  Mode mode_;
  const Node* root_ = nullptr;
  Arena arena_;
};

struct ParseResult {
  std::unique_ptr<SyntaxTree> tree;  // null when there is a problem
  std::optional<SyntaxProblem> problem;
  std::vector<SyntaxWarning> warnings;

  bool is_ok() const { return tree != nullptr; }
};

ParseResult parse(std::string_view source, Mode mode = Mode::kModule,
                  const ParseOptions& options = {});

// Whether text is a name as str.isidentifier() sees it.
bool is_identifier(std::string_view text);

// Whether text is a keyword that no name may be (keyword.iskeyword).
bool is_keyword(std::string_view text);

}  // namespace syntax
