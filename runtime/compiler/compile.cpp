#include "runtime/compiler/compile.h"

#include "runtime/compiler/generator.h"
#include "runtime/compiler/scope.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

syntax::Mode mode_of(CompileMode mode) {
  switch (mode) {
    case CompileMode::kModule:
      return syntax::Mode::kModule;
    case CompileMode::kExpression:
      return syntax::Mode::kExpression;
    default:
      return syntax::Mode::kInteractive;
  }
}

Type& type_of(syntax::ProblemKind kind) {
  switch (kind) {
    case syntax::ProblemKind::kSyntaxError:
      return syntax_error_type;
    case syntax::ProblemKind::kIndentationError:
      return indentation_error_type;
    case syntax::ProblemKind::kTabError:
      return tab_error_type;
    case syntax::ProblemKind::kMemoryError:
      return memory_error_type;
    case syntax::ProblemKind::kRecursionError:
      return recursion_error_type;
    default:
      return value_error_type;
  }
}

// SyntaxError(message, (file, line, offset, text, end_line, end_offset))
Result<Ref<ExceptionObject>> new_syntax_error(ThreadState& thread,
                                              const syntax::SyntaxProblem& problem,
                                              Borrowed<Str> file_name) {
  const auto number = [&thread](int value) { return new_int(thread, value); };
  TRY_ASSIGN(Ref<Str> message, new_str(thread, problem.message));
  TRY_ASSIGN(Ref<Int> line, number(problem.line));
  TRY_ASSIGN(Ref<Int> offset, number(problem.offset));
  TRY_ASSIGN(Ref<Int> end_line, number(problem.end_line));
  TRY_ASSIGN(Ref<Int> end_offset, number(problem.end_offset));
  Ref<Object> text = none();
  if (problem.text) {
    TRY_ASSIGN(Ref<Str> shown, new_str(thread, *problem.text));
    text = std::move(shown);
  }
  TRY_ASSIGN(Ref<Tuple> place,
             new_tuple(thread, {file_name, line, offset, text, end_line, end_offset}));
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {message, place}));
  Type& type = type_of(problem.kind);
  if (protocol_of(Borrowed<Object>(&type)).call == nullptr) {
    return new_exception(thread, type, std::move(arguments));  // types are not open to programs
  }
  // Called, so that its attributes are set.
  const Borrowed<Object> both[] = {message, place};
  TRY_ASSIGN(Ref<Object> made, call(thread, Borrowed<Object>(&type), both));
  return Ref<ExceptionObject>::adopt(static_cast<ExceptionObject*>(made.release()));
}

Result<Done> pass_warnings(ThreadState& thread, const syntax::ParseResult& parsed,
                           Borrowed<Str> file_name, const CompileOptions& options) {
  if (options.warnings.receive == nullptr) return Done{};
  for (const syntax::SyntaxWarning& warning : parsed.warnings) {
    TRY(options.warnings.receive(thread, options.warnings.context, warning.kind, warning.message,
                                 file_name, static_cast<int>(warning.position.line)));
  }
  return Done{};
}

}  // namespace

std::uint32_t last_future_line(const syntax::SyntaxTree& tree, bool& annotations) {
  if (tree.mode() != syntax::Mode::kModule) return 0;
  std::uint32_t line = 0;
  bool is_first = true;
  for (const syntax::Statement* node : tree.module()->body) {
    const bool may_be_documentation = std::exchange(is_first, false);
    const auto* import = syntax::try_as<syntax::ImportFrom>(node);
    if (import == nullptr) {
      const auto* text = syntax::try_as<syntax::Expr>(node);
      if (may_be_documentation && text != nullptr) continue;
      break;
    }
    if (import->module != "__future__" || import->level != 0) break;
    for (const syntax::Alias* alias : import->names) annotations |= alias->name == "annotations";
    line = node->position.line;
  }
  return line;
}

Raised raise_problem(ThreadState& thread, const syntax::SyntaxProblem& problem,
                     Borrowed<Str> file_name) {
  switch (problem.kind) {
    case syntax::ProblemKind::kMemoryError:
    case syntax::ProblemKind::kRecursionError:
    case syntax::ProblemKind::kValueError:
      return raise_text(thread, type_of(problem.kind), problem.message);
    default:
      break;
  }
  Result<Ref<ExceptionObject>> exception = new_syntax_error(thread, problem, file_name);
  if (exception.is_raised()) return std::move(exception).raised();
  return Raised(std::move(exception).value());
}

Result<Ref<Code>> compile(ThreadState& thread, std::string_view source, Borrowed<Str> file_name,
                          CompileMode mode, const CompileOptions& options) {
  syntax::ParseOptions parse_options;
  parse_options.source_kind = options.source_kind;
  parse_options.maximum_integer_digits =
      static_cast<int>(Values::of(thread).greatest_decimal_digits());
  const syntax::ParseResult parsed = syntax::parse(source, mode_of(mode), parse_options);
  if (!parsed.is_ok()) return raise_problem(thread, *parsed.problem, file_name);
  TRY(pass_warnings(thread, parsed, file_name, options));

  CompileOptions own = options;
  const std::uint32_t future_line = last_future_line(*parsed.tree, own.future_annotations);
  std::optional<syntax::SyntaxProblem> problem;
  const std::unique_ptr<ScopeTable> scopes =
      ScopeTable::build(*parsed.tree, own.future_annotations, problem);
  if (scopes == nullptr) return raise_problem(thread, *problem, file_name);
  Generator generator(thread, *parsed.tree, *scopes, file_name, own, future_line);
  return generator.generate();
}

}  // namespace runtime
