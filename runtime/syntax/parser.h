// Tokens -> tree, by recursive descent: one function per rule of the grammar, precedence climbing
// for operators.
//
// A function returns null (or false) when the text does not fit its rule; then everything up to the
// root gives up. The grammar needs one token to decide, with one exception: `with (` may open a
// group of items or an expression, so a parser can mark a place and go back.
//
// The mistake itself is explained by a second parser over the same text that has its `diagnosing`
// on: it tries what people mean when they write what is no Python, where CPython's grammar has its
// invalid_ rules. Nothing but a message and its place comes out of that.
//
// Ancestry: https://docs.python.org/3/reference/grammar.html; CPython's Grammar/python.gram for
// messages and their places.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/syntax/parse.h"
#include "runtime/syntax/tokenizer.h"

namespace syntax {

enum class Diagnosis : std::uint8_t { kOff, kOn };

class Parser {
 public:
  Parser(SyntaxTree& tree, Tokenizer& tokenizer, const ParseOptions& options, Diagnosis diagnosis)
      : tree_(tree),
        tokenizer_(tokenizer),
        options_(options),
        diagnosing_(diagnosis == Diagnosis::kOn) {}

  const Node* parse_root(Mode mode);

  // The explanation, when a rule raised one. Without it the text is just "invalid syntax" at
  // last_token().
  const std::optional<SyntaxProblem>& problem() const { return problem_; }
  const Token& last_token() const { return tokens_[furthest_]; }
  SyntaxProblem generic_problem(const Token& token) const;

 private:
  static constexpr int kDeepestRecursion = 1000;

  struct Mark {
    std::size_t index;
    Token previous;
  };
  // Counts how deep rules stand in rules; false when it is too deep.
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    bool is_fine() const;

   private:
    Parser& parser_;
  };
  enum class TargetUse : std::uint8_t { kStar, kDelete };
  struct CallArguments {
    std::vector<Expression*> positional;
    std::vector<Keyword*> keywords;
  };
  struct StringPiece {
    std::vector<Expression*> values;
    std::string text;
    Position text_position;
    bool has_text = false;
  };
  struct ParameterLists;

  // --- parser.cpp: tokens, problems, nodes
  const Token& peek(std::size_t ahead = 0);
  bool at(TokenKind kind) { return peek().kind == kind; }
  Token advance();
  bool accept(TokenKind kind);
  bool expect(TokenKind kind);
  bool expect_forced(TokenKind kind);  // "expected ':'"
  bool is_soft_keyword(const Token& token) const;
  bool is_name(const Token& token, std::string_view text) const;
  std::string_view text_of(const Token& token) const;
  std::string_view identifier(const Token& token);
  Mark mark() { return {index_, previous_}; }
  void rewind(const Mark& mark);
  void forget_old_tokens();
  std::nullptr_t fail();
  std::nullptr_t raise(const Position& position, std::string message,
                       ProblemKind kind = ProblemKind::kSyntaxError);
  std::nullptr_t raise_at_last_token(std::string message,
                                     ProblemKind kind = ProblemKind::kSyntaxError);
  std::nullptr_t raise_from(const Position& start,
                            std::string message);  // up to where the tokenizer is
  std::nullptr_t unsupported(const Token& token, std::string_view what);
  bool has_failed() const { return failed_; }
  bool begins_expression(const Token& token) const;
  Position since(const Token& start) const;
  Position since(const Position& start) const;
  static Position position_of(const Token& token);
  static Position between(const Position& start, const Position& end);
  void adopt(Node* parent, const Node* child);
  template <class T>
  void adopt_all(Node* parent, Sequence<T> children) {
    for (const T* child : children) adopt(parent, child);
  }
  void adopt_parameters(Node* parent, const Parameters& parameters);
  void adopt_comprehensions(Node* parent, std::span<const Comprehension> generators);
  template <class T>
  T* make(const Position& position) {
    T* node = tree_.arena().make<T>();
    node->kind = T::kKind;
    node->position = position;
    return node;
  }
  template <class T>
  Sequence<T> keep(const std::vector<T*>& list) {
    return tree_.arena().list(list);
  }

  // --- statements.cpp
  bool parse_statements(std::vector<Statement*>& body, TokenKind end);
  bool parse_statement(std::vector<Statement*>& body);
  bool parse_simple_statements(std::vector<Statement*>& body);
  Statement* parse_simple_statement();
  Statement* parse_return();
  Statement* parse_raise();
  Statement* parse_delete();
  Statement* parse_assert();
  template <class T>
  Statement* parse_names();
  Statement* parse_keyword_statement(NodeKind kind);
  const Node* parse_interactive();

  // --- imports.cpp
  Statement* parse_import();
  Statement* parse_import_from();
  std::optional<std::string_view> parse_dotted_name();
  Alias* parse_alias(bool dotted);

  // --- assignments.cpp
  Statement* parse_expression_statement();
  bool diagnose_statement(const Token& start);
  Statement* parse_assignment(const Token& start, Expression* first);
  Statement* parse_augmented_assignment(const Token& start, Expression* target,
                                        BinaryOperator operation);
  Statement* parse_annotated_assignment(const Token& start, Expression* target);
  Expression* parse_assigned_value();  // yield or star_expressions
  bool diagnose_assignment(const Token& start, Expression* target);
  Expression* find_bad_target(Expression* target, TargetUse use) const;
  bool make_target(Expression* target, TargetUse use);
  void set_context(Expression* target, Context context);
  Expression* parse_target_list(TargetUse use);
  Expression* parse_star_target();

  // --- compound.cpp
  Statement* parse_compound_statement();
  bool parse_block(Sequence<Statement>& body, std::string_view owner, std::uint32_t line);
  bool expect_colon();  // raises "expected ':'" at the end of a line
  Statement* parse_if();
  Statement* parse_while();
  Statement* parse_for();
  bool parse_else(Sequence<Statement>& orelse);
  Statement* parse_try();
  ExceptHandler* parse_handler();
  Statement* parse_with();
  bool parse_with_items(std::vector<WithItem>& items);
  bool parse_parenthesized_with_items(std::vector<WithItem>& items);
  bool parse_with_item(WithItem& item);

  // --- definitions.cpp
  Statement* parse_decorated();
  Statement* parse_function(const Token& start, const std::vector<Expression*>& decorators);
  Statement* parse_class(const Token& start, const std::vector<Expression*>& decorators);
  bool parse_parameters(Parameters& parameters, TokenKind end);
  bool parse_parameter(ParameterLists& lists, TokenKind end);
  bool parse_star_parameter(ParameterLists& lists, TokenKind end);
  bool parse_slash(ParameterLists& lists);
  bool diagnose_parameter(TokenKind end);
  Parameter* parse_parameter_name(TokenKind end, bool may_be_starred);
  Expression* parse_default(TokenKind end);
  Expression* parse_lambda();

  // --- expressions.cpp
  Expression* parse_star_expressions();  // a, *b
  Expression* parse_star_expression();
  Expression* parse_expressions();  // without stars
  Expression* parse_star_named_expression();
  bool parse_star_named_expressions();
  Expression* parse_named_expression();
  Expression* parse_expression();
  Expression* parse_conditional(const Token& start);
  Expression* parse_disjunction();
  Expression* parse_conjunction();
  Expression* parse_inversion();
  Expression* parse_comparison();
  bool accept_comparison(ComparisonOperator& operation);
  Expression* parse_binary(int lowest = 1);
  Expression* parse_factor();
  Expression* parse_power();
  Expression* parse_yield();
  bool diagnose_before_expression(const Token& start);
  bool diagnose_behind_disjunction(const Token& start, Expression* left);
  bool diagnose_behind_named_expression(const Token& start, Expression* left);
  template <class ParseElement>
  bool parse_comma_list(std::vector<Expression*>& elements, ParseElement parse_element);
  Tuple* make_tuple(const Position& position, const std::vector<Expression*>& elements);

  // --- atoms.cpp
  Expression* parse_primary();
  Expression* parse_atom();
  Expression* parse_parenthesized();
  Expression* parse_list_display();
  Expression* parse_brace_display();
  Expression* parse_dict_display(const Token& start, Expression* first_key,
                                 Expression* first_value);
  bool diagnose_dict_value();
  Expression* parse_number();
  Constant* make_constant(const Position& position, ConstantKind kind);
  bool parse_comprehensions(std::vector<Comprehension>& generators);
  bool at_comprehension();
  Expression* parse_subscript(Expression* value, const Position& start);
  Expression* parse_slice();
  template <class T>
  Expression* finish_comprehension(const Token& start, Expression* element, TokenKind end);

  // --- arguments.cpp
  Expression* parse_call(Expression* function, const Position& start);
  bool parse_arguments(CallArguments& arguments, const Token& open);
  bool parse_argument(CallArguments& arguments, const Token& open, bool& has_unpacking);
  bool diagnose_star();
  bool parse_keyword_argument(CallArguments& arguments);
  bool diagnose_argument(Expression* value);
  bool parse_starred_argument(CallArguments& arguments, bool has_unpacking, const Token& before);

  // --- strings.cpp
  Expression* parse_strings();
  bool parse_plain_string(StringPiece& piece, bool is_bytes);
  bool parse_f_string(StringPiece& piece);
  bool parse_f_string_text(StringPiece& piece, bool in_format_spec);
  bool parse_replacement_field(StringPiece& piece);
  Expression* parse_format_spec();
  bool append_literal(std::string& value, std::string_view body, const Token& token, bool is_raw,
                      bool is_bytes);
  void flush_text(StringPiece& piece);

  SyntaxTree& tree_;
  Tokenizer& tokenizer_;
  const ParseOptions& options_;
  bool diagnosing_;
  bool failed_ = false;
  int depth_ = 0;
  int marks_ = 0;
  std::optional<SyntaxProblem> problem_;
  std::vector<Token> tokens_;
  std::size_t index_ = 0;
  std::size_t furthest_ = 0;  // the last token that a rule had to look at
  Token previous_;
};

// "function call", "literal": what CPython calls a kind of expression in messages.
std::string describe(const Expression* expression);

}  // namespace syntax
