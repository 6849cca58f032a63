// What a program sees of code: co_name and the like.
//
// Ancestry: https://docs.python.org/3/reference/datamodel.html#code-objects; CPython's code_memberlist
// and code_methods (Objects/codeobject.c).
#include <functional>
#include <iterator>
#include <string_view>

#include "runtime/compiler/code_object.h"
#include "runtime/compiler/verify.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

Code& code_of(Borrowed<Object> self) { return *static_cast<Code*>(self.get()); }

template <auto member>
Result<Ref<Object>> get_object(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(code_of(self).*member));
}
template <auto member>
Result<Ref<Object>> get_number(ThreadState& thread, Borrowed<Object> self) {
  return new_int(thread, code_of(self).*member);
}

Result<Ref<Object>> get_stack_size(ThreadState& thread, Borrowed<Object> self) {
  const Code& code = code_of(self);
  return new_int(thread, code.register_count - code.first_temporary);
}

Result<Ref<Object>> get_code_bytes(ThreadState& thread, Borrowed<Object> self) {
  const Code& code = code_of(self);
  return new_bytes(thread, std::string_view(reinterpret_cast<const char*>(code.instructions),
                                            code.instruction_count * sizeof(Word)));
}

Result<Ref<Object>> number_or_none(ThreadState& thread, std::uint32_t number, bool is_known) {
  if (!is_known) return none();
  return new_int(thread, number);
}

// The words of each entry of the position table: fn(first, end, position).
template <class Function>
Result<Done> for_each_position(const Code& code, Function&& fn) {
  for (std::uint32_t i = 0; i < code.position_count; ++i) {
    const std::uint32_t end =
        i + 1 < code.position_count ? code.positions[i + 1].first : code.instruction_count;
    TRY(fn(code.positions[i].first, end, code.positions[i].position));
  }
  return Done();
}

// (start, end, line) for runs of instructions of one line, in units of f_lasti.
Result<Ref<Object>> lines(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  std::uint32_t first = 0;
  std::uint32_t line = 0;
  auto add = [&](std::uint32_t end) -> Result<Done> {
    if (end == first) return Done();
    TRY_ASSIGN(Ref<Int> from, new_int(thread, std::int64_t{first} * 2));
    TRY_ASSIGN(Ref<Int> to, new_int(thread, std::int64_t{end} * 2));
    TRY_ASSIGN(Ref<Object> number, number_or_none(thread, line, line != 0));
    TRY_ASSIGN(Ref<Tuple> entry, new_tuple(thread, {from, to, number}));
    return list_append(thread, list, std::move(entry));
  };
  const Code& code = code_of(self);
  TRY(for_each_position(
      code, [&](std::uint32_t begin, std::uint32_t, const CodePosition& position) -> Result<Done> {
        if (position.line == line) return Done();
        TRY(add(begin));
        first = begin;
        line = position.line;
        return Done();
      }));
  TRY(add(code.instruction_count));
  return get_iterator(thread, list);
}

// (line, end line, column, end column) for each instruction word.
Result<Ref<Object>> positions(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  TRY(for_each_position(
      code_of(self),
      [&](std::uint32_t begin, std::uint32_t end, const CodePosition& position) -> Result<Done> {
        const bool is_known = position.line != 0;
        TRY_ASSIGN(Ref<Object> line, number_or_none(thread, position.line, is_known));
        TRY_ASSIGN(Ref<Object> end_line, number_or_none(thread, position.end_line, is_known));
        TRY_ASSIGN(Ref<Object> column, number_or_none(thread, position.column, is_known));
        TRY_ASSIGN(Ref<Object> end_column, number_or_none(thread, position.end_column, is_known));
        TRY_ASSIGN(Ref<Tuple> entry, new_tuple(thread, {line, end_line, column, end_column}));
        for (std::uint32_t word = begin; word < end; ++word) {
          TRY(list_append(thread, list, entry.duplicate(thread)));
        }
        return Done();
      }));
  return get_iterator(thread, list);
}

// -- replace() --

// One argument of replace(): what it must be, and where it goes.
struct Replaceable {
  const char* name;
  Ref<Str> CodeParts::*text;
  Ref<Tuple> CodeParts::*tuple;
  std::uint32_t CodeParts::*number;
};
constexpr Replaceable kReplaceable[] = {
    {"co_name", &CodeParts::name, nullptr, nullptr},
    {"co_qualname", &CodeParts::qualified_name, nullptr, nullptr},
    {"co_filename", &CodeParts::file_name, nullptr, nullptr},
    {"co_consts", nullptr, &CodeParts::constants, nullptr},
    {"co_names", nullptr, &CodeParts::names, nullptr},
    {"co_varnames", nullptr, &CodeParts::local_names, nullptr},
    {"co_cellvars", nullptr, &CodeParts::cell_names, nullptr},
    {"co_freevars", nullptr, &CodeParts::free_names, nullptr},
    {"co_flags", nullptr, nullptr, &CodeParts::flags},
    {"co_firstlineno", nullptr, nullptr, &CodeParts::first_line},
    {"co_argcount", nullptr, nullptr, &CodeParts::positional_count},
    {"co_posonlyargcount", nullptr, nullptr, &CodeParts::positional_only_count},
    {"co_kwonlyargcount", nullptr, nullptr, &CodeParts::keyword_only_count},
};
constexpr const char* kReplaceSignature =
    "replace(*, co_name?, co_qualname?, co_filename?, co_consts?, co_names?, co_varnames?, "
    "co_cellvars?, co_freevars?, co_flags?, co_firstlineno?, co_argcount?, co_posonlyargcount?, "
    "co_kwonlyargcount?)";

CodeParts parts_of(ThreadState& thread, const Code& code) {
  auto text = [&](Str* value) { return Ref<Str>::share(thread, Borrowed<Str>(value)); };
  auto tuple = [&](Tuple* value) { return Ref<Tuple>::share(thread, Borrowed<Tuple>(value)); };
  CodeParts parts;
  parts.name = text(code.name);
  parts.qualified_name = text(code.qualified_name);
  parts.file_name = text(code.file_name);
  parts.constants = tuple(code.constants);
  parts.names = tuple(code.names);
  parts.local_names = tuple(code.local_names);
  parts.cell_names = tuple(code.cell_names);
  parts.free_names = tuple(code.free_names);
  parts.flags = code.flags;
  parts.first_line = code.first_line;
  parts.positional_count = code.positional_count;
  parts.positional_only_count = code.positional_only_count;
  parts.keyword_only_count = code.keyword_only_count;
  parts.register_count = code.register_count;
  parts.cache_count = code.cache_count;
  parts.instructions.assign(code.instructions, code.instructions + code.instruction_count);
  parts.positions.assign(code.positions, code.positions + code.position_count);
  parts.exceptions.assign(code.exceptions, code.exceptions + code.exception_count);
  return parts;
}

Result<Done> replace_part(ThreadState& thread, CodeParts& parts, const Replaceable& row,
                          Borrowed<Object> value) {
  if (row.text != nullptr) {
    if (!is_str(*value)) {
      return raise(thread, type_error_type, "replace() argument '{}' must be str, not {}", row.name,
                   type_name(value));
    }
    parts.*row.text = Ref<Str>::share(thread, as_str(value));
  } else if (row.tuple != nullptr) {
    if (!is_tuple(*value)) {
      return raise(thread, type_error_type, "replace() argument '{}' must be tuple, not {}",
                   row.name, type_name(value));
    }
    parts.*row.tuple = Ref<Tuple>::share(thread, as_tuple(value));
  } else {
    TRY_ASSIGN(std::int64_t number, checked_index_of(thread, value, overflow_error_type));
    if (number < 0 || number > INT32_MAX) {
      return raise(thread, value_error_type, "code: {} out of range", row.name);
    }
    parts.*row.number = static_cast<std::uint32_t>(number);
  }
  return Done();
}

Result<Ref<Object>> replace(ThreadState& thread, Borrowed<Object> self,
                            const BoundArguments& arguments) {
  CodeParts parts = parts_of(thread, code_of(self));
  for (unsigned i = 0; i < std::size(kReplaceable); ++i) {
    if (arguments.has(i)) TRY(replace_part(thread, parts, kReplaceable[i], arguments.at(i)));
  }
  TRY_ASSIGN(Ref<Code> made, new_code(thread, std::move(parts)));
  TRY(verify(thread, made));
  return Ref<Object>(std::move(made));
}

constexpr NativeAttribute kAttributes[] = {
    {"co_name", &get_object<&Code::name>},
    {"co_qualname", &get_object<&Code::qualified_name>},
    {"co_filename", &get_object<&Code::file_name>},
    {"co_consts", &get_object<&Code::constants>},
    {"co_names", &get_object<&Code::names>},
    {"co_varnames", &get_object<&Code::local_names>},
    {"co_cellvars", &get_object<&Code::cell_names>},
    {"co_freevars", &get_object<&Code::free_names>},
    {"co_flags", &get_number<&Code::flags>},
    {"co_firstlineno", &get_number<&Code::first_line>},
    {"co_argcount", &get_number<&Code::positional_count>},
    {"co_posonlyargcount", &get_number<&Code::positional_only_count>},
    {"co_kwonlyargcount", &get_number<&Code::keyword_only_count>},
    {"co_nlocals", &get_number<&Code::local_count>},
    {"co_stacksize", &get_stack_size},
    {"co_code", &get_code_bytes},
};
constexpr NativeMethod kMethods[] = {
    {"co_lines()", &lines},
    {"co_positions()", &positions},
    {kReplaceSignature, &replace},
    {"__replace__(*, co_name?, co_qualname?, co_filename?, co_consts?, co_names?, co_varnames?, "
     "co_cellvars?, co_freevars?, co_flags?, co_firstlineno?, co_argcount?, co_posonlyargcount?, "
     "co_kwonlyargcount?)",
     &replace},
};

}  // namespace

Result<Done> open_code_type(ThreadState& thread) {
  return open_type(thread, NativeType{
                               .type = code_type,
                               .documentation = "What a function, class or module executes.",
                               .methods = kMethods,
                               .attributes = kAttributes,
                               .derivable = Derivable::kNo,
                           });
}

}  // namespace runtime
