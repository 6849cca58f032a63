// What a Python program says, without how it was written: the abstract syntax tree.
//
// Nodes, names and shapes follow the grammar of Python's `ast` module. Every node starts with its
// kind, so a reader switches over `node->kind` and goes on with `as<BinOp>(node)`. Nodes lie in the
// arena of their SyntaxTree (parse.h) and are never changed after parsing: any number of threads
// may read one tree.
//
// A tree is never higher than kMaximumHeight nodes (the parser refuses such programs), so functions
// may walk it by plain recursion. A chain of `elif` is nested too (`If` in the `orelse` of `If`),
// and is counted.
//
// The tree says nothing about meaning: whether `return` stands in a function, which names are
// local, what a docstring is (the first Expr of a body whose value is a string Constant) and which
// constants can be folded is the compiler's matter.
//
// Ancestry: https://docs.python.org/3/library/ast.html#abstract-grammar (3.14), without `match`,
// `async` and type parameters, which the parser refuses.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/base/check.h"

namespace syntax {

inline constexpr int kMaximumHeight = 2000;

// Lines count from 1; columns count bytes of UTF-8 from 0. The end is the place right behind the
// last byte.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
};

enum class NodeKind : std::uint8_t {
#define SYNTAX_NODE(name) k##name,
#include "runtime/syntax/nodes.def"
#undef SYNTAX_NODE
};

// "BinOp"
const char* name_of(NodeKind kind);

struct Node {
  NodeKind kind;
  std::uint16_t height = 1;  // of the tree below, this node included
  Position position;
};
struct Statement : Node {};
struct Expression : Node {};

template <class T>
using Sequence = std::span<T* const>;

template <class T>
const T* as(const Node* node) {
  RT_INVARIANT(node->kind == T::kKind, "a node is read as what it is");
  return static_cast<const T*>(node);
}
template <class T>
T* as(Node* node) {
  RT_INVARIANT(node->kind == T::kKind, "a node is read as what it is");
  return static_cast<T*>(node);
}

// The node as a T, or null when it is something else (or null itself).
template <class T>
const T* try_as(const Node* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<const T*>(node) : nullptr;
}

// --- Roots ---------------------------------------------------------------------------------------

struct Module : Node {
  static constexpr NodeKind kKind = NodeKind::kModule;
  Sequence<Statement> body;
};
struct Interactive : Node {  // one statement typed at a prompt, or several joined by `;`
  static constexpr NodeKind kKind = NodeKind::kInteractive;
  Sequence<Statement> body;
};
struct Evaluation : Node {  // ast.Expression: the text of eval()
  static constexpr NodeKind kKind = NodeKind::kEvaluation;
  Expression* body = nullptr;
};

// --- Parts of nodes ------------------------------------------------------------------------------

struct Parameter : Node {  // ast.arg
  static constexpr NodeKind kKind = NodeKind::kParameter;
  std::string_view name;
  Expression* annotation = nullptr;  // may be null
};

struct Parameters {                       // ast.arguments
  Sequence<Parameter> positional_only;    // before `/`
  Sequence<Parameter> positional;         // ast: args
  Sequence<Parameter> keyword_only;       // behind `*` or `*args`
  Sequence<Expression> defaults;          // of the last of positional_only + positional
  Sequence<Expression> keyword_defaults;  // one per keyword_only; null: none
  Parameter* variadic = nullptr;          // *args, or null
  Parameter* keyword_variadic = nullptr;  // **kwargs, or null
};

struct Keyword : Node {  // name=value in a call or class head; **value when the name is empty
  static constexpr NodeKind kKind = NodeKind::kKeyword;
  std::string_view name;
  Expression* value = nullptr;
};

struct Alias : Node {  // import a.b as c
  static constexpr NodeKind kKind = NodeKind::kAlias;
  std::string_view name;     // "a.b", or "*"
  std::string_view as_name;  // empty: none
};

struct WithItem {
  Expression* context = nullptr;
  Expression* target = nullptr;  // may be null
};

struct ExceptHandler : Node {
  static constexpr NodeKind kKind = NodeKind::kExceptHandler;
  Expression* type = nullptr;  // null: except:
  std::string_view name;       // empty: no `as`
  Sequence<Statement> body;
};

struct Comprehension {  // for target in iterable if ... if ...
  Expression* target = nullptr;
  Expression* iterable = nullptr;
  Sequence<Expression> conditions;
  bool is_async = false;  // always false so far
};

// --- Statements ----------------------------------------------------------------------------------

struct FunctionDef : Statement {
  static constexpr NodeKind kKind = NodeKind::kFunctionDef;
  std::string_view name;
  Parameters parameters;
  Sequence<Statement> body;
  Sequence<Expression> decorators;
  Expression* returns = nullptr;  // the annotation behind `->`, or null
};

struct ClassDef : Statement {
  static constexpr NodeKind kKind = NodeKind::kClassDef;
  std::string_view name;
  Sequence<Expression> bases;  // a Starred may be among them
  Sequence<Keyword> keywords;
  Sequence<Statement> body;
  Sequence<Expression> decorators;
};

struct Return : Statement {
  static constexpr NodeKind kKind = NodeKind::kReturn;
  Expression* value = nullptr;  // may be null
};

struct Delete : Statement {
  static constexpr NodeKind kKind = NodeKind::kDelete;
  Sequence<Expression> targets;
};

struct Assign : Statement {
  static constexpr NodeKind kKind = NodeKind::kAssign;
  Sequence<Expression> targets;  // more than one: a = b = value
  Expression* value = nullptr;
};

enum class BinaryOperator : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kMatrixMultiply,
  kDivide,
  kModulo,
  kPower,
  kLeftShift,
  kRightShift,
  kBitOr,
  kBitXor,
  kBitAnd,
  kFloorDivide,
};

struct AugAssign : Statement {
  static constexpr NodeKind kKind = NodeKind::kAugAssign;
  Expression* target = nullptr;
  BinaryOperator operation{};
  Expression* value = nullptr;
};

struct AnnAssign : Statement {
  static constexpr NodeKind kKind = NodeKind::kAnnAssign;
  Expression* target = nullptr;
  Expression* annotation = nullptr;
  Expression* value = nullptr;  // may be null
  bool simple = false;  // a bare name without parentheses: `x: int`, not `(x): int` or `a.x: int`
};

struct For : Statement {
  static constexpr NodeKind kKind = NodeKind::kFor;
  Expression* target = nullptr;
  Expression* iterable = nullptr;
  Sequence<Statement> body;
  Sequence<Statement> orelse;
};

struct While : Statement {
  static constexpr NodeKind kKind = NodeKind::kWhile;
  Expression* test = nullptr;
  Sequence<Statement> body;
  Sequence<Statement> orelse;
};

struct If : Statement {
  static constexpr NodeKind kKind = NodeKind::kIf;
  Expression* test = nullptr;
  Sequence<Statement> body;
  Sequence<Statement> orelse;  // one If: elif
};

struct With : Statement {
  static constexpr NodeKind kKind = NodeKind::kWith;
  std::span<const WithItem> items;
  Sequence<Statement> body;
};

struct Raise : Statement {
  static constexpr NodeKind kKind = NodeKind::kRaise;
  Expression* exception = nullptr;  // may be null
  Expression* cause = nullptr;      // may be null
};

struct Try : Statement {
  static constexpr NodeKind kKind = NodeKind::kTry;
  Sequence<Statement> body;
  Sequence<ExceptHandler> handlers;
  Sequence<Statement> orelse;
  Sequence<Statement> finally_body;
};

struct Assert : Statement {
  static constexpr NodeKind kKind = NodeKind::kAssert;
  Expression* test = nullptr;
  Expression* message = nullptr;  // may be null
};

struct Import : Statement {
  static constexpr NodeKind kKind = NodeKind::kImport;
  Sequence<Alias> names;
};

struct ImportFrom : Statement {
  static constexpr NodeKind kKind = NodeKind::kImportFrom;
  std::string_view module;  // empty: from . import x
  Sequence<Alias> names;
  int level = 0;  // leading dots
};

struct Global : Statement {
  static constexpr NodeKind kKind = NodeKind::kGlobal;
  std::span<const std::string_view> names;
};

struct Nonlocal : Statement {
  static constexpr NodeKind kKind = NodeKind::kNonlocal;
  std::span<const std::string_view> names;
};

struct Expr : Statement {  // an expression as a statement
  static constexpr NodeKind kKind = NodeKind::kExpr;
  Expression* value = nullptr;
};

struct Pass : Statement {
  static constexpr NodeKind kKind = NodeKind::kPass;
};
struct Break : Statement {
  static constexpr NodeKind kKind = NodeKind::kBreak;
};
struct Continue : Statement {
  static constexpr NodeKind kKind = NodeKind::kContinue;
};

// --- Expressions ---------------------------------------------------------------------------------

enum class BooleanOperator : std::uint8_t { kAnd, kOr };
struct BoolOp : Expression {
  static constexpr NodeKind kKind = NodeKind::kBoolOp;
  BooleanOperator operation{};
  Sequence<Expression> values;  // two or more
};

struct NamedExpr : Expression {
  static constexpr NodeKind kKind = NodeKind::kNamedExpr;
  Expression* target = nullptr;  // a Name
  Expression* value = nullptr;
};

struct BinOp : Expression {
  static constexpr NodeKind kKind = NodeKind::kBinOp;
  Expression* left = nullptr;
  BinaryOperator operation{};
  Expression* right = nullptr;
};

enum class UnaryOperator : std::uint8_t { kInvert, kNot, kPlus, kMinus };
struct UnaryOp : Expression {
  static constexpr NodeKind kKind = NodeKind::kUnaryOp;
  UnaryOperator operation{};
  Expression* operand = nullptr;
};

struct Lambda : Expression {
  static constexpr NodeKind kKind = NodeKind::kLambda;
  Parameters parameters;
  Expression* body = nullptr;
};

struct IfExp : Expression {
  static constexpr NodeKind kKind = NodeKind::kIfExp;
  Expression* test = nullptr;
  Expression* body = nullptr;
  Expression* orelse = nullptr;
};

struct Dict : Expression {
  static constexpr NodeKind kKind = NodeKind::kDict;
  Sequence<Expression> keys;  // null: **value
  Sequence<Expression> values;
};

struct Set : Expression {
  static constexpr NodeKind kKind = NodeKind::kSet;
  Sequence<Expression> elements;
};

struct ListComp : Expression {
  static constexpr NodeKind kKind = NodeKind::kListComp;
  Expression* element = nullptr;
  std::span<const Comprehension> generators;
};

struct SetComp : Expression {
  static constexpr NodeKind kKind = NodeKind::kSetComp;
  Expression* element = nullptr;
  std::span<const Comprehension> generators;
};

struct DictComp : Expression {
  static constexpr NodeKind kKind = NodeKind::kDictComp;
  Expression* key = nullptr;
  Expression* value = nullptr;
  std::span<const Comprehension> generators;
};

struct GeneratorExp : Expression {
  static constexpr NodeKind kKind = NodeKind::kGeneratorExp;
  Expression* element = nullptr;
  std::span<const Comprehension> generators;
};

struct Yield : Expression {
  static constexpr NodeKind kKind = NodeKind::kYield;
  Expression* value = nullptr;  // may be null
};

struct YieldFrom : Expression {
  static constexpr NodeKind kKind = NodeKind::kYieldFrom;
  Expression* value = nullptr;
};

enum class ComparisonOperator : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIs,
  kIsNot,
  kIn,
  kNotIn,
};
struct Compare : Expression {  // left op[0] comparators[0] op[1] comparators[1] ...
  static constexpr NodeKind kKind = NodeKind::kCompare;
  Expression* left = nullptr;
  std::span<const ComparisonOperator> operations;
  Sequence<Expression> comparators;
};

struct Call : Expression {
  static constexpr NodeKind kKind = NodeKind::kCall;
  Expression* function = nullptr;
  Sequence<Expression> arguments;  // a Starred may be among them
  Sequence<Keyword> keywords;
};

struct JoinedStr
    : Expression {  // an f-string: pieces of text (string Constant) and FormattedValue in turn
  static constexpr NodeKind kKind = NodeKind::kJoinedStr;
  Sequence<Expression> values;
};

enum class Conversion : std::uint8_t { kNothing, kStr, kRepr, kAscii };  // "", "!s", "!r", "!a"
struct FormattedValue : Expression {
  static constexpr NodeKind kKind = NodeKind::kFormattedValue;
  Expression* value = nullptr;
  Conversion conversion{};
  Expression* format_spec = nullptr;  // a JoinedStr, or null
};

enum class ConstantKind : std::uint8_t {
  kNone,
  kTrue,
  kFalse,
  kEllipsis,
  kInteger,    // text: digits of `base` in lower case, without prefix, `_` and leading zeros
  kFloat,      // number
  kImaginary,  // number is the imaginary part
  kString,     // text: UTF-8, in which surrogates are encoded like other code points ("WTF-8")
  kBytes,      // text: the bytes
};
struct Constant : Expression {
  static constexpr NodeKind kKind = NodeKind::kConstant;
  ConstantKind constant_kind{};
  std::uint8_t base = 10;  // 10 or 16: octal and binary literals arrive as base 16
  std::string_view text;
  double number = 0;
};

// What is done to the place that a Name, Attribute, Subscript, Starred, List or Tuple stands for.
enum class Context : std::uint8_t { kLoad, kStore, kDelete };

struct Attribute : Expression {
  static constexpr NodeKind kKind = NodeKind::kAttribute;
  Expression* value = nullptr;
  std::string_view name;
  Context context{};
};

struct Subscript : Expression {
  static constexpr NodeKind kKind = NodeKind::kSubscript;
  Expression* value = nullptr;
  Expression* index = nullptr;  // ast: slice; may be a Slice, or a Tuple with Slices in it
  Context context{};
};

struct Starred : Expression {
  static constexpr NodeKind kKind = NodeKind::kStarred;
  Expression* value = nullptr;
  Context context{};
};

struct Name : Expression {
  static constexpr NodeKind kKind = NodeKind::kName;
  std::string_view name;  // NFKC; names are not mangled here
  Context context{};
};

struct List : Expression {
  static constexpr NodeKind kKind = NodeKind::kList;
  Sequence<Expression> elements;
  Context context{};
};

struct Tuple : Expression {
  static constexpr NodeKind kKind = NodeKind::kTuple;
  Sequence<Expression> elements;
  Context context{};
};

struct Slice : Expression {
  static constexpr NodeKind kKind = NodeKind::kSlice;
  Expression* lower = nullptr;  // each may be null
  Expression* upper = nullptr;
  Expression* step = nullptr;
};

}  // namespace syntax
