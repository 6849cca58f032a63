#include "runtime/syntax/dump.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "runtime/syntax/utf8.h"

namespace syntax {
namespace {

constexpr std::array kBinaryNames = {"Add",    "Sub",    "Mult",    "MatMult", "Div",
                                     "Mod",    "Pow",    "LShift",  "RShift",  "BitOr",
                                     "BitXor", "BitAnd", "FloorDiv"};
constexpr std::array kComparisonNames = {"Eq",  "NotEq", "Lt",    "LtE", "Gt",
                                         "GtE", "Is",    "IsNot", "In",  "NotIn"};
constexpr std::array kUnaryNames = {"Invert", "Not", "UAdd", "USub"};
constexpr std::array kContextNames = {"Load()", "Store()", "Del()"};

template <class Names, class Value>
std::string name_in(const Names& names, Value value) {
  return names[static_cast<std::size_t>(value)];
}

std::string quoted(std::string_view text, bool is_bytes) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const bool has_double = text.find('"') != std::string_view::npos;
  const char quote = has_single && !has_double ? '"' : '\'';
  std::string result(1, quote);
  std::array<char, 16> buffer{};
  for (std::size_t at = 0; at < text.size();) {
    DecodedCharacter character{static_cast<unsigned char>(text[at]), 1};
    if (!is_bytes) character = decode_character(text.substr(at));
    at += character.length;
    const char32_t code = character.code_point;
    const char* format = nullptr;
    if (code == '\\' || code == static_cast<unsigned char>(quote)) {
      result += {'\\', static_cast<char>(code)};
    } else if (code == '\n') {
      result += "\\n";
    } else if (code == '\r') {
      result += "\\r";
    } else if (code == '\t') {
      result += "\\t";
    } else if (code >= 0x20 && code < 0x7F) {
      result += static_cast<char>(code);
    } else {
      format = code <= 0xFF ? "\\x%02x" : code <= 0xFFFF ? "\\u%04x" : "\\U%08x";
    }
    if (format != nullptr) {
      std::snprintf(buffer.data(), buffer.size(), format, static_cast<unsigned>(code));
      result += buffer.data();
    }
  }
  return result + quote;
}

// The shortest text that reads back as the same number.
std::string number_text(double number) {
  std::array<char, 40> buffer{};
  for (int precision = 1; precision <= 17; ++precision) {
    std::snprintf(buffer.data(), buffer.size(), "%.*g", precision, number);
    if (std::strtod(buffer.data(), nullptr) == number) break;
  }
  return buffer.data();
}

class Dumper {
 public:
  explicit Dumper(DumpPositions positions) : with_positions_(positions == DumpPositions::kYes) {}

  std::string take() { return std::move(text_); }

  void node(const Node* node) {
    if (node == nullptr) {
      text_ += "None";
      return;
    }
    open(node->kind == NodeKind::kEvaluation  ? "Expression"
         : node->kind == NodeKind::kParameter ? "arg"
         : node->kind == NodeKind::kKeyword   ? "keyword"
         : node->kind == NodeKind::kAlias     ? "alias"
                                              : name_of(node->kind));
    fields(node);
    const bool is_root = node->kind == NodeKind::kModule || node->kind == NodeKind::kInteractive ||
                         node->kind == NodeKind::kEvaluation;
    if (with_positions_ && !is_root) {
      number("lineno", node->position.line);
      number("col_offset", node->position.column);
      number("end_lineno", node->position.end_line);
      number("end_col_offset", node->position.end_column);
    }
    close();
  }

 private:
  void open(const char* name) {
    text_ += name;
    text_ += '(';
    is_first_ = true;
  }
  void close() {
    text_ += ')';
    is_first_ = false;
  }
  void label(const char* name) {
    if (!is_first_) text_ += ", ";
    is_first_ = false;
    text_ += name;
    text_ += '=';
  }
  void word(const char* name, const std::string& value) {
    label(name);
    text_ += value;
  }
  void number(const char* name, std::uint32_t value) { word(name, std::to_string(value)); }
  void string(const char* name, std::string_view value) {
    if (!value.empty()) word(name, quoted(value, false));
  }
  void child(const char* name, const Node* value) {
    if (value == nullptr) return;
    label(name);
    node(value);
  }
  template <class List, class WriteOne>
  void list_of(const char* name, const List& list, WriteOne write_one) {
    if (list.empty()) return;
    label(name);
    text_ += '[';
    bool is_first = true;
    for (const auto& element : list) {
      if (!is_first) text_ += ", ";
      is_first = false;
      write_one(element);
    }
    text_ += ']';
  }
  template <class T>
  void children(const char* name, Sequence<T> list) {
    list_of(name, list, [this](const Node* element) { node(element); });
  }
  void names(const char* name, std::span<const std::string_view> list) {
    list_of(name, list, [this](std::string_view element) { text_ += quoted(element, false); });
  }
  void context(Context value) { word("ctx", name_in(kContextNames, value)); }
  void operation(const char* name, const std::string& value) { word(name, value + "()"); }

  void parameters(const Parameters& value) {
    label("args");
    open("arguments");
    children("posonlyargs", value.positional_only);
    children("args", value.positional);
    child("vararg", value.variadic);
    children("kwonlyargs", value.keyword_only);
    children("kw_defaults", value.keyword_defaults);
    child("kwarg", value.keyword_variadic);
    children("defaults", value.defaults);
    close();
  }

  void comprehensions(std::span<const Comprehension> generators) {
    list_of("generators", generators, [this](const Comprehension& generator) {
      open("comprehension");
      child("target", generator.target);
      child("iter", generator.iterable);
      children("ifs", generator.conditions);
      number("is_async", generator.is_async ? 1 : 0);
      close();
    });
  }

  void constant(const Constant& value) {
    switch (value.constant_kind) {
      case ConstantKind::kNone:
        return word("value", "None");
      case ConstantKind::kTrue:
        return word("value", "True");
      case ConstantKind::kFalse:
        return word("value", "False");
      case ConstantKind::kEllipsis:
        return word("value", "Ellipsis");
      case ConstantKind::kInteger:
        return word("value", (value.base == 16 ? "0x" : "") + std::string(value.text));
      case ConstantKind::kFloat:
        return word("value", number_text(value.number));
      case ConstantKind::kImaginary:
        return word("value", number_text(value.number) + "j");
      case ConstantKind::kString:
        return word("value", quoted(value.text, false));
      case ConstantKind::kBytes:
        return word("value", "b" + quoted(value.text, true));
    }
  }

  void fields(const Node* node);
  void expression_fields(const Node* node);
  void part_fields(const Node* node);

  std::string text_;
  bool with_positions_;
  bool is_first_ = true;
};

void Dumper::fields(const Node* node) {
  switch (node->kind) {
    case NodeKind::kModule:
      return children("body", as<Module>(node)->body);
    case NodeKind::kInteractive:
      return children("body", as<Interactive>(node)->body);
    case NodeKind::kEvaluation:
      return child("body", as<Evaluation>(node)->body);
    case NodeKind::kFunctionDef: {
      const auto* value = as<FunctionDef>(node);
      string("name", value->name);
      parameters(value->parameters);
      children("body", value->body);
      children("decorator_list", value->decorators);
      return child("returns", value->returns);
    }
    case NodeKind::kClassDef: {
      const auto* value = as<ClassDef>(node);
      string("name", value->name);
      children("bases", value->bases);
      children("keywords", value->keywords);
      children("body", value->body);
      return children("decorator_list", value->decorators);
    }
    case NodeKind::kReturn:
      return child("value", as<Return>(node)->value);
    case NodeKind::kDelete:
      return children("targets", as<Delete>(node)->targets);
    case NodeKind::kAssign:
      children("targets", as<Assign>(node)->targets);
      return child("value", as<Assign>(node)->value);
    case NodeKind::kAugAssign: {
      const auto* value = as<AugAssign>(node);
      child("target", value->target);
      operation("op", name_in(kBinaryNames, value->operation));
      return child("value", value->value);
    }
    case NodeKind::kAnnAssign: {
      const auto* value = as<AnnAssign>(node);
      child("target", value->target);
      child("annotation", value->annotation);
      child("value", value->value);
      return number("simple", value->simple ? 1 : 0);
    }
    case NodeKind::kFor: {
      const auto* value = as<For>(node);
      child("target", value->target);
      child("iter", value->iterable);
      children("body", value->body);
      return children("orelse", value->orelse);
    }
    case NodeKind::kWhile: {
      const auto* value = as<While>(node);
      child("test", value->test);
      children("body", value->body);
      return children("orelse", value->orelse);
    }
    case NodeKind::kIf: {
      const auto* value = as<If>(node);
      child("test", value->test);
      children("body", value->body);
      return children("orelse", value->orelse);
    }
    case NodeKind::kWith: {
      const auto* value = as<With>(node);
      list_of("items", value->items, [this](const WithItem& item) {
        open("withitem");
        child("context_expr", item.context);
        child("optional_vars", item.target);
        close();
      });
      return children("body", value->body);
    }
    case NodeKind::kRaise:
      child("exc", as<Raise>(node)->exception);
      return child("cause", as<Raise>(node)->cause);
    case NodeKind::kTry: {
      const auto* value = as<Try>(node);
      children("body", value->body);
      children("handlers", value->handlers);
      children("orelse", value->orelse);
      return children("finalbody", value->finally_body);
    }
    case NodeKind::kAssert:
      child("test", as<Assert>(node)->test);
      return child("msg", as<Assert>(node)->message);
    case NodeKind::kImport:
      return children("names", as<Import>(node)->names);
    case NodeKind::kImportFrom: {
      const auto* value = as<ImportFrom>(node);
      string("module", value->module);
      children("names", value->names);
      return number("level", static_cast<std::uint32_t>(value->level));
    }
    case NodeKind::kGlobal:
      return names("names", as<Global>(node)->names);
    case NodeKind::kNonlocal:
      return names("names", as<Nonlocal>(node)->names);
    case NodeKind::kExpr:
      return child("value", as<Expr>(node)->value);
    case NodeKind::kPass:
    case NodeKind::kBreak:
    case NodeKind::kContinue:
      return;
    case NodeKind::kExceptHandler:
    case NodeKind::kParameter:
    case NodeKind::kKeyword:
    case NodeKind::kAlias:
      return part_fields(node);
    default:
      return expression_fields(node);
  }
}

void Dumper::part_fields(const Node* node) {
  if (const auto* handler = try_as<ExceptHandler>(node)) {
    child("type", handler->type);
    string("name", handler->name);
    children("body", handler->body);
  } else if (const auto* parameter = try_as<Parameter>(node)) {
    string("arg", parameter->name);
    child("annotation", parameter->annotation);
  } else if (const auto* keyword = try_as<Keyword>(node)) {
    string("arg", keyword->name);
    child("value", keyword->value);
  } else if (const auto* alias = try_as<Alias>(node)) {
    string("name", alias->name);
    string("asname", alias->as_name);
  }
}

void Dumper::expression_fields(const Node* node) {
  switch (node->kind) {
    case NodeKind::kBoolOp: {
      const auto* value = as<BoolOp>(node);
      operation("op", value->operation == BooleanOperator::kAnd ? "And" : "Or");
      return children("values", value->values);
    }
    case NodeKind::kNamedExpr:
      child("target", as<NamedExpr>(node)->target);
      return child("value", as<NamedExpr>(node)->value);
    case NodeKind::kBinOp: {
      const auto* value = as<BinOp>(node);
      child("left", value->left);
      operation("op", name_in(kBinaryNames, value->operation));
      return child("right", value->right);
    }
    case NodeKind::kUnaryOp:
      operation("op", name_in(kUnaryNames, as<UnaryOp>(node)->operation));
      return child("operand", as<UnaryOp>(node)->operand);
    case NodeKind::kLambda:
      parameters(as<Lambda>(node)->parameters);
      return child("body", as<Lambda>(node)->body);
    case NodeKind::kIfExp: {
      const auto* value = as<IfExp>(node);
      child("test", value->test);
      child("body", value->body);
      return child("orelse", value->orelse);
    }
    case NodeKind::kDict:
      children("keys", as<Dict>(node)->keys);
      return children("values", as<Dict>(node)->values);
    case NodeKind::kSet:
      return children("elts", as<Set>(node)->elements);
    case NodeKind::kListComp:
      child("elt", as<ListComp>(node)->element);
      return comprehensions(as<ListComp>(node)->generators);
    case NodeKind::kSetComp:
      child("elt", as<SetComp>(node)->element);
      return comprehensions(as<SetComp>(node)->generators);
    case NodeKind::kDictComp:
      child("key", as<DictComp>(node)->key);
      child("value", as<DictComp>(node)->value);
      return comprehensions(as<DictComp>(node)->generators);
    case NodeKind::kGeneratorExp:
      child("elt", as<GeneratorExp>(node)->element);
      return comprehensions(as<GeneratorExp>(node)->generators);
    case NodeKind::kYield:
      return child("value", as<Yield>(node)->value);
    case NodeKind::kYieldFrom:
      return child("value", as<YieldFrom>(node)->value);
    case NodeKind::kCompare: {
      const auto* value = as<Compare>(node);
      child("left", value->left);
      list_of("ops", value->operations, [this](ComparisonOperator element) {
        text_ += name_in(kComparisonNames, element) + "()";
      });
      return children("comparators", value->comparators);
    }
    case NodeKind::kCall: {
      const auto* value = as<Call>(node);
      child("func", value->function);
      children("args", value->arguments);
      return children("keywords", value->keywords);
    }
    case NodeKind::kJoinedStr:
      return children("values", as<JoinedStr>(node)->values);
    case NodeKind::kFormattedValue: {
      const auto* value = as<FormattedValue>(node);
      child("value", value->value);
      static constexpr std::array kConversions = {"-1", "115", "114", "97"};
      word("conversion", name_in(kConversions, value->conversion));
      return child("format_spec", value->format_spec);
    }
    case NodeKind::kConstant:
      return constant(*as<Constant>(node));
    case NodeKind::kAttribute: {
      const auto* value = as<Attribute>(node);
      child("value", value->value);
      string("attr", value->name);
      return context(value->context);
    }
    case NodeKind::kSubscript: {
      const auto* value = as<Subscript>(node);
      child("value", value->value);
      child("slice", value->index);
      return context(value->context);
    }
    case NodeKind::kStarred:
      child("value", as<Starred>(node)->value);
      return context(as<Starred>(node)->context);
    case NodeKind::kName:
      string("id", as<Name>(node)->name);
      return context(as<Name>(node)->context);
    case NodeKind::kList:
      children("elts", as<List>(node)->elements);
      return context(as<List>(node)->context);
    case NodeKind::kTuple:
      children("elts", as<Tuple>(node)->elements);
      return context(as<Tuple>(node)->context);
    case NodeKind::kSlice: {
      const auto* value = as<Slice>(node);
      child("lower", value->lower);
      child("upper", value->upper);
      return child("step", value->step);
    }
    default:
      return;
  }
}

}  // namespace

std::string dump(const Node* node, DumpPositions positions) {
  Dumper dumper(positions);
  dumper.node(node);
  return dumper.take();
}

}  // namespace syntax
