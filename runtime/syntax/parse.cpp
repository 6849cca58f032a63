#include "runtime/syntax/parse.h"

#include "runtime/syntax/parser.h"
#include "runtime/syntax/source_text.h"
#include "runtime/syntax/tokenizer.h"
#include "runtime/syntax/utf8.h"

namespace syntax {
namespace {

// A mistake of the tokenizer further down explains more than the parser's guess: an unterminated
// string, a bracket that was opened in an earlier line and never closed.
SyntaxProblem prefer_tokenizer(const SyntaxTree& tree, Tokenizer& tokenizer,
                               std::uint32_t line_of_last_token, SyntaxProblem problem) {
  for (;;) {
    const Token token = tokenizer.next();
    if (token.kind == TokenKind::kEnd) return problem;
    if (token.kind == TokenKind::kMistake) break;
  }
  if (tokenizer.is_problem_of_text()) return *tokenizer.problem();
  const std::optional<Tokenizer::OpenBracket> bracket = tokenizer.open_bracket();
  if (!bracket || line_of_last_token <= bracket->line) return problem;
  SyntaxProblem unclosed =
      tree.problem({bracket->line, bracket->column, bracket->line, bracket->column},
                   std::string("'") + bracket->character + "' was never closed");
  unclosed.end_offset = 0;
  const bool is_last_line = tree.line(bracket->line + 1).empty();
  if (!is_last_line && unclosed.text && unclosed.text->ends_with('\n')) unclosed.text->pop_back();
  return unclosed;
}

SyntaxProblem explain(SyntaxTree& tree, const ParseOptions& options, Mode mode,
                      const Parser& failed) {
  Tokenizer tokenizer(tree);
  Parser parser(tree, tokenizer, options, Diagnosis::kOn);
  parser.parse_root(mode);
  const TokenKind kind = failed.last_token().kind;
  const bool is_indentation = kind == TokenKind::kIndent || kind == TokenKind::kDedent;
  if (!parser.problem() && is_indentation) return failed.generic_problem(failed.last_token());
  SyntaxProblem problem =
      parser.problem() ? *parser.problem() : failed.generic_problem(failed.last_token());
  if (!parser.problem() && tokenizer.problem()) problem = *tokenizer.problem();
  return prefer_tokenizer(tree, tokenizer, parser.last_token().line, std::move(problem));
}

}  // namespace

ParseResult parse(std::string_view source, Mode mode, const ParseOptions& options) {
  ParseResult result;
  SourceText text = read_source(source, options.source_kind);
  if (text.problem) {
    result.problem = std::move(text.problem);
    return result;
  }
  auto tree = std::make_unique<SyntaxTree>(std::move(text.text), mode);
  Tokenizer tokenizer(*tree);
  Parser parser(*tree, tokenizer, options, Diagnosis::kOff);
  const Node* root = parser.parse_root(mode);
  result.warnings = std::move(tokenizer.warnings());
  if (root != nullptr) {
    tree->set_root(root);
    result.tree = std::move(tree);
    return result;
  }
  if (tokenizer.problem()) {
    result.problem = tokenizer.problem();
  } else if (!parser.problem()) {
    result.problem = explain(*tree, options, mode, parser);
  } else if (parser.problem()->kind == ProblemKind::kSyntaxError) {
    result.problem =
        prefer_tokenizer(*tree, tokenizer, parser.last_token().line, *parser.problem());
  } else {
    result.problem = parser.problem();
  }
  // Expressions are shown as they were given: no newline is added to them.
  SyntaxProblem& problem = *result.problem;
  const bool newline_was_added =
      mode == Mode::kExpression && !source.ends_with('\n') && !source.ends_with('\r');
  if (newline_was_added && problem.text && problem.text->ends_with('\n') &&
      tree->line(static_cast<std::uint32_t>(problem.line) + 1).empty()) {
    problem.text->pop_back();
  }
  return result;
}

}  // namespace syntax
