// For tests, scenarios and stress of iterators: an iterator and a function that do whatever the test
// wants, and a sequence with a length and items by index alone.
//
// Bodies run attached, on whatever thread asks.
#pragma once

#include <functional>
#include <utility>

#include "runtime/containers/set_test_support.h"
#include "runtime/object/protocol.h"
#include "runtime/object/type.h"

namespace runtime {

struct Scripted : Object {
  struct Bodies {
    std::function<Result<Ref<Object>>(ThreadState& thread)> next = {};  // a null reference: ended
    std::function<Result<Ref<Object>>(ThreadState& thread, Arguments arguments)> call = {};
    std::function<Result<Ref<Object>>(ThreadState& thread, std::int64_t index)> item = {};
    std::int64_t length = 0;
  };
  Bodies* bodies;  // owned
};

inline Scripted::Bodies& bodies_of(Borrowed<Object> object) {
  return *static_cast<Scripted*>(object.get())->bodies;
}
inline void release_scripted(Object* object, DroppedFields&) {
  delete std::exchange(static_cast<Scripted*>(object)->bodies, nullptr);
}
inline constexpr Protocol kScriptedProtocol{
    .hash = &hash_by_identity,
    .length = [](ThreadState&, Borrowed<Object> object) -> Result<std::int64_t> {
      return bodies_of(object).length;
    },
    .iterate = &iterate_itself,
    .next = [](ThreadState& thread,
               Borrowed<Object> object) { return bodies_of(object).next(thread); },
    .get_item =
        [](ThreadState& thread, Borrowed<Object> object, Borrowed<Object> key) {
          return bodies_of(object).item(thread, as_int(key)->small);
        },
    .call =
        [](ThreadState& thread, Borrowed<Object> object, const CallArguments& arguments) {
          return bodies_of(object).call(thread, arguments.positional);
        },
};
inline constinit Type scripted_type(TypeSlots{
    .name = "Scripted",
    .size = sizeof(Scripted),
    .heap = HeapKind::kCollected,
    .release_fields = &release_scripted,
    .protocol = &kScriptedProtocol,
});

[[nodiscard]] inline Ref<Object> scripted(ThreadState& thread, Scripted::Bodies bodies) {
  Ref<Scripted> made = new_object<Scripted>(thread, scripted_type);
  RT_CHECK(static_cast<bool>(made), "there is memory for an object of a test");
  made->bodies = new Scripted::Bodies(std::move(bodies));
  track(made.get());
  return made;
}

}  // namespace runtime
