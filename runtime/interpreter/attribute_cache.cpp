#include "runtime/interpreter/attribute_cache.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

StackRef remembered_load_beside_threads(ThreadState& thread, Atomic<Object*>& slot, Object* value,
                                        const Instance* instance) {
  if (!try_increment_from(thread, slot, value)) return StackRef();
  Ref<Object> counted = Ref<Object>::adopt(value);
  if (!instance->values.are_valid.load_acquire()) return StackRef();  // [valid-before-cleared]
  return StackRef::counted(std::move(counted));
}

std::uint64_t word_to_remember(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name) {
  const Borrowed<Type> type(object->type);
  if (!has_body(*type) || type->body->place != AttributesPlace::kInside) return 0;
  const Protocol& protocol = protocol_of(*type);
  if (protocol.get_attribute != nullptr || protocol.set_attribute != nullptr) return 0;
  const std::uint32_t version = type_version(thread, type);
  if (version == 0) return 0;
  // A descriptor that can be set comes before the instance.
  Ref<Object> of_type = find_in_type(thread, type, name);
  const bool hides = of_type && protocol_of(of_type).descriptor_set != nullptr;
  if (hides && !RT_MUTANT(attribute_cache_forgets_descriptors)) return 0;
  const std::int64_t number =
      static_cast<Instance*>(object.get())->shared_keys().find(*name, hash_of_str(thread, *name));
  if (number < 0) return 0;
  return std::uint64_t{version} << 32 | static_cast<std::uint32_t>(number);
}

}  // namespace runtime
