#include "runtime/compiler/code_object.h"

#include <algorithm>
#include <cstring>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/deferred.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/protocol.h"

namespace runtime {

namespace {

// The buffers of one code object, one behind the other; each begins at a multiple of eight.
struct Layout {
  std::size_t positions, exceptions, caches, bytes;

  Layout(std::size_t instruction_count, std::size_t position_count, std::size_t exception_count,
         std::size_t cache_count) {
    const auto up = [](std::size_t size) { return (size + 7) & ~std::size_t{7}; };
    positions = up(instruction_count * sizeof(Word));
    exceptions = positions + up(position_count * sizeof(PositionEntry));
    caches = exceptions + up(exception_count * sizeof(ExceptionRange));
    bytes = std::max<std::size_t>(caches + cache_count * sizeof(Atomic<std::uint64_t>), 8);
  }
  explicit Layout(const Code& code)
      : Layout(code.instruction_count, code.position_count, code.exception_count,
               code.cache_count) {}
};

template <class Visitor>
void for_each_field(Code& code, Visitor visitor) {
  visitor(code.name);
  visitor(code.qualified_name);
  visitor(code.file_name);
  visitor(code.constants);
  visitor(code.names);
  visitor(code.local_names);
  visitor(code.cell_names);
  visitor(code.free_names);
}

void release_code(Object* object, DroppedFields& dropped) {
  Code& code = *static_cast<Code*>(object);
  for_each_field(code, [&](auto*& field) {
    Object* owned = std::exchange(field, nullptr);
    dropped.take(owned);
  });
  if (code.instructions == nullptr) return;
  raw_free(this_thread(), std::exchange(code.instructions, nullptr), Layout(code).bytes);
}

void traverse_code(Object* object, Visit visit, void* context) {
  for_each_field(*static_cast<Code*>(object), [&](auto* field) {
    if (field != nullptr) visit(context, field);
  });
}

// <code object f at 0x7f..., file "a.py", line 3>
Result<Ref<Str>> repr_of_code(ThreadState& thread, Borrowed<Object> object) {
  const Borrowed<Code> code = as_code(object);
  return new_str(thread, fmt::format("<code object {} at {}, file \"{}\", line {}>",
                                     utf8_of(*code->name), static_cast<const void*>(code.get()),
                                     utf8_of(*code->file_name), code->first_line));
}

Result<std::int64_t> hash_of_code(ThreadState& thread, Borrowed<Object> object) {
  return hash_by_identity(thread, object);
}

const Protocol code_protocol{
    .hash = hash_of_code,
    .repr = repr_of_code,
};

}  // namespace

constinit Type code_type(TypeSlots{
    .name = "code",
    .size = sizeof(Code),
    .heap = HeapKind::kCollected,
    .weak_references_offset = sizeof(ThreadCounted),  // right behind its base
    .release_fields = release_code,
    .traverse = traverse_code,
    .protocol = &code_protocol,
});

Str* Code::name_of_register(std::uint32_t index) const {
  const auto from = [&index](const Tuple* tuple) -> Str* {
    const auto size = static_cast<std::uint32_t>(tuple->size);
    if (index < size) return static_cast<Str*>(tuple->items()[index]);
    index -= size;
    return nullptr;
  };
  if (Str* name_of_local = from(local_names)) return name_of_local;
  if (Str* name_of_cell = from(cell_names)) return name_of_cell;
  return from(free_names);
}

CodePosition position_of(const Code& code, std::uint32_t word) {
  const auto table = code.position_table();
  const auto behind = std::upper_bound(
      table.begin(), table.end(), word,
      [](std::uint32_t wanted, const PositionEntry& entry) { return wanted < entry.first; });
  if (behind == table.begin()) return {};
  return std::prev(behind)->position;
}

const ExceptionRange* handler_of(const Code& code, std::uint32_t word) {
  const auto table = code.exception_table();
  const auto behind = std::upper_bound(
      table.begin(), table.end(), word,
      [](std::uint32_t wanted, const ExceptionRange& range) { return wanted < range.first; });
  if (behind == table.begin()) return nullptr;
  const ExceptionRange& range = *std::prev(behind);
  return word < range.end ? &range : nullptr;
}

std::int32_t cell_register_of(const Code& code, const Str& name) {
  const auto find = [&name](const Tuple& names) -> std::int64_t {
    for (std::int64_t i = 0; i < names.size; ++i) {
      if (names.items()[i] == &name) return i;
    }
    return -1;
  };
  const std::int64_t own = find(*code.cell_names);
  if (own >= 0) return static_cast<std::int32_t>(code.local_count + own);
  const std::int64_t free = find(*code.free_names);
  if (free >= 0) return static_cast<std::int32_t>(code.local_count + code.cell_count + free);
  return -1;
}

Result<Ref<Code>> new_code(ThreadState& thread, CodeParts parts) {
  const Layout layout(parts.instructions.size(), parts.positions.size(), parts.exceptions.size(),
                      parts.cache_count);
  Ref<Code> code = new_object<Code>(thread, code_type);
  if (!code) return raise_out_of_memory(thread);
  RT_INVARIANT(reinterpret_cast<char*>(&code->weak_references) ==
                   reinterpret_cast<char*>(code.get()) + sizeof(ThreadCounted),
               "the weak references lie where the type says");
  auto* buffer = static_cast<char*>(raw_allocate_zeroed(thread, layout.bytes));
  if (buffer == nullptr) return raise_out_of_memory(thread);
  code->instructions = reinterpret_cast<Word*>(buffer);
  code->positions = reinterpret_cast<PositionEntry*>(buffer + layout.positions);
  code->exceptions = reinterpret_cast<ExceptionRange*>(buffer + layout.exceptions);
  code->caches = reinterpret_cast<Atomic<std::uint64_t>*>(buffer + layout.caches);
  code->instruction_count = static_cast<std::uint32_t>(parts.instructions.size());
  code->position_count = static_cast<std::uint32_t>(parts.positions.size());
  code->exception_count = static_cast<std::uint32_t>(parts.exceptions.size());
  code->cache_count = parts.cache_count;
  std::copy(parts.instructions.begin(), parts.instructions.end(), code->instructions);
  std::copy(parts.positions.begin(), parts.positions.end(), code->positions);
  std::copy(parts.exceptions.begin(), parts.exceptions.end(), code->exceptions);
  for (std::uint32_t i = 0; i < parts.cache_count; ++i) code->caches[i].initialize(0);

  code->local_count = static_cast<std::uint32_t>(parts.local_names->size);
  code->cell_count = static_cast<std::uint32_t>(parts.cell_names->size);
  code->free_count = static_cast<std::uint32_t>(parts.free_names->size);
  code->first_temporary = code->local_count + code->cell_count + code->free_count;
  code->register_count = parts.register_count;
  code->flags = parts.flags;
  code->first_line = parts.first_line;
  code->positional_count = parts.positional_count;
  code->positional_only_count = parts.positional_only_count;
  code->keyword_only_count = parts.keyword_only_count;
  code->name = parts.name.release();
  code->qualified_name = parts.qualified_name.release();
  code->file_name = parts.file_name.release();
  code->constants = parts.constants.release();
  code->names = parts.names.release();
  code->local_names = parts.local_names.release();
  code->cell_names = parts.cell_names.release();
  code->free_names = parts.free_names.release();
  defer(thread, code.get());
  count_per_thread(thread, code.get());
  track(code.get());
  return code;
}

}  // namespace runtime
