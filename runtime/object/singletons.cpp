#include "runtime/object/singletons.h"

#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

// As in CPython since 3.12: the same in every process.
Result<std::int64_t> hash_none(ThreadState&, Borrowed<Object>) { return 0xFCA86420; }

Result<Ref<Str>> repr_none(ThreadState& thread, Borrowed<Object>) {
  return new_str(thread, "None");
}
Result<Ref<Str>> repr_not_implemented(ThreadState& thread, Borrowed<Object>) {
  return new_str(thread, "NotImplemented");
}
Result<Ref<Str>> repr_ellipsis(ThreadState& thread, Borrowed<Object>) {
  return new_str(thread, "Ellipsis");
}

Result<bool> truth_of_none(ThreadState&, Borrowed<Object>) { return false; }
// https://docs.python.org/3/library/constants.html#NotImplemented. Before 3.14 it is true, with a
// warning.
Result<bool> truth_of_not_implemented(ThreadState& thread, Borrowed<Object>) {
  if (Values::of(thread).profile().minor < 14) return true;
  return raise(thread, type_error_type, "NotImplemented should not be used in a boolean context");
}

constexpr Protocol kNoneProtocol{
    .hash = &hash_none,
    .repr = &repr_none,
    .truth = &truth_of_none,
};
constexpr Protocol kNotImplementedProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_not_implemented,
    .truth = &truth_of_not_implemented,
};
constexpr Protocol kEllipsisProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_ellipsis,
};

}  // namespace

constinit Type none_type(TypeSlots{.name = "NoneType", .protocol = &kNoneProtocol});
constinit Type not_implemented_type(TypeSlots{.name = "NotImplementedType",
                                              .protocol = &kNotImplementedProtocol});
constinit Type ellipsis_type(TypeSlots{.name = "ellipsis", .protocol = &kEllipsisProtocol});

constinit Object none_object(&none_type);
constinit Object not_implemented_object(&not_implemented_type);
constinit Object ellipsis_object(&ellipsis_type);

}  // namespace runtime
