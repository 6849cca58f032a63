#include <utility>

#include "runtime/base/build.h"
#include "runtime/containers/sharing.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/immortal.h"
#include "runtime/object/intern.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/native_function.h"
#include "runtime/types/object_field.h"
#include "runtime/types/signature.h"
#include "runtime/types/slot_table.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

template <class T>
T& as(Borrowed<Object> object) {
  return *static_cast<T*>(object.get());
}

Raised does_not_apply(ThreadState& thread, const Str& name, const Type& owner,
                      Borrowed<Object> object) {
  return raise(thread, type_error_type,
               "descriptor '{}' for '{}' objects doesn't apply to a '{}' object", utf8_of(name),
               owner.slots.name, type_name(object));
}

CallArguments without_first(const CallArguments& arguments) {
  return {.positional = arguments.positional.subspan(1),
          .named = arguments.named,
          .names = arguments.names};
}

// -- method_descriptor --

Result<Ref<Object>> call_method_descriptor(ThreadState& thread, Borrowed<Object> callee,
                                           const CallArguments& arguments) {
  auto& descriptor = as<MethodDescriptor>(callee);
  if (arguments.positional.empty()) {
    return raise(thread, type_error_type, "unbound method {}() needs an argument",
                 descriptor.signature->full_name());
  }
  Borrowed<Object> self = arguments.positional[0];
  if (!is_instance(*self, *descriptor.owner)) {
    return does_not_apply(thread, *descriptor.signature->name(), *descriptor.owner, self);
  }
  return descriptor.signature->call(thread, descriptor.row->function, self,
                                    without_first(arguments));
}

Result<Ref<Object>> get_method_descriptor(ThreadState& thread, Borrowed<Object> object,
                                          Object* instance, Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, object);
  auto& descriptor = as<MethodDescriptor>(object);
  if (!is_instance(*instance, *descriptor.owner)) {
    return does_not_apply(thread, *descriptor.signature->name(), *descriptor.owner,
                          Borrowed<Object>(instance));
  }
  return new_native_function(thread, *descriptor.row, instance, nullptr);
}

Result<Ref<Str>> repr_method_descriptor(ThreadState& thread, Borrowed<Object> object) {
  auto& descriptor = as<MethodDescriptor>(object);
  return new_str(
      thread, fmt::format("<method '{}' of '{}' objects>", utf8_of(*descriptor.signature->name()),
                          descriptor.owner->slots.name));
}

void release_method_descriptor(Object* object, DroppedFields&) {
  auto* descriptor = static_cast<MethodDescriptor*>(object);
  Signature::free(std::exchange(descriptor->signature, nullptr));
}

// -- classmethod_descriptor --

Result<Ref<Object>> get_classmethod_descriptor(ThreadState& thread, Borrowed<Object> object,
                                               Object* instance, Borrowed<Type> owner) {
  (void)instance;
  auto& descriptor = as<MethodDescriptor>(object);
  if (!is_subtype(*owner, *descriptor.owner)) {
    return raise(
        thread, type_error_type, "descriptor '{}' requires a subtype of '{}' but received '{}'",
        utf8_of(*descriptor.signature->name()), descriptor.owner->slots.name, owner->slots.name);
  }
  return new_native_function(thread, *descriptor.row, owner.get(), nullptr);
}

Result<Ref<Object>> call_classmethod_descriptor(ThreadState& thread, Borrowed<Object> callee,
                                                const CallArguments& arguments) {
  auto& descriptor = as<MethodDescriptor>(callee);
  if (arguments.positional.empty() || !is_type(*arguments.positional[0])) {
    return raise(thread, type_error_type, "descriptor '{}' of '{}' object needs an argument",
                 utf8_of(*descriptor.signature->name()), descriptor.owner->slots.name);
  }
  return descriptor.signature->call(thread, descriptor.row->function, arguments.positional[0],
                                    without_first(arguments));
}

// -- getset_descriptor --

void release_getset(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<GetSetDescriptor*>(object)->owner);
}
void traverse_getset(Object* object, Visit visit, void* context) {
  auto* descriptor = static_cast<GetSetDescriptor*>(object);
  if (descriptor->owner != nullptr) visit(context, descriptor->owner);
}

const Type& owner_of(const GetSetDescriptor& descriptor) {
  return *static_cast<Type*>(descriptor.owner);
}

Result<Ref<Object>> get_getset(ThreadState& thread, Borrowed<Object> object, Object* instance,
                               Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, object);
  auto& descriptor = as<GetSetDescriptor>(object);
  if (!is_instance(*instance, owner_of(descriptor))) {
    return does_not_apply(thread, *as_str(Borrowed(descriptor.name)), owner_of(descriptor),
                          Borrowed<Object>(instance));
  }
  return descriptor.row->get(thread, Borrowed<Object>(instance));
}

Result<Done> set_getset(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> instance,
                        Object* value) {
  auto& descriptor = as<GetSetDescriptor>(object);
  Borrowed<Str> name = as_str(Borrowed(descriptor.name));
  if (!is_instance(*instance, owner_of(descriptor))) {
    return does_not_apply(thread, *name, owner_of(descriptor), instance);
  }
  if (descriptor.row->set == nullptr) {
    return raise_attribute_error(thread, instance, name,
                                 fmt::format("attribute '{}' of '{}' objects is not writable",
                                             utf8_of(*name), owner_of(descriptor).slots.name));
  }
  return descriptor.row->set(thread, instance, value);
}

Result<Ref<Str>> repr_getset(ThreadState& thread, Borrowed<Object> object) {
  auto& descriptor = as<GetSetDescriptor>(object);
  return new_str(thread, fmt::format("<attribute '{}' of '{}' objects>",
                                     utf8_of(*as_str(Borrowed(descriptor.name))),
                                     owner_of(descriptor).slots.name));
}

// -- member_descriptor --

void release_member(Object* object, DroppedFields& dropped) {
  auto* descriptor = static_cast<MemberDescriptor*>(object);
  dropped.take(descriptor->owner);
  dropped.take(descriptor->name);
}
void traverse_member(Object* object, Visit visit, void* context) {
  auto* descriptor = static_cast<MemberDescriptor*>(object);
  if (descriptor->owner != nullptr) visit(context, descriptor->owner);
  if (descriptor->name != nullptr) visit(context, descriptor->name);
}

Atomic<Object*>& member_of(Borrowed<Object> instance, const MemberDescriptor& descriptor) {
  return *reinterpret_cast<Atomic<Object*>*>(reinterpret_cast<char*>(instance.get()) +
                                             descriptor.offset);
}

Result<Done> check_member_owner(ThreadState& thread, const MemberDescriptor& descriptor,
                                Borrowed<Object> instance) {
  const Type& owner = *static_cast<Type*>(descriptor.owner);
  if (is_instance(*instance, owner)) return Done{};
  return does_not_apply(thread, *as_str(Borrowed(descriptor.name)), owner, instance);
}

Result<Ref<Object>> get_member(ThreadState& thread, Borrowed<Object> object, Object* instance,
                               Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, object);
  auto& descriptor = as<MemberDescriptor>(object);
  Borrowed<Object> from(instance);
  TRY(check_member_owner(thread, descriptor, from));
  if (Ref<Object> value = read_object_field(thread, from, member_of(from, descriptor))) {
    return value;
  }
  return raise_no_attribute(thread, from, as_str(Borrowed(descriptor.name)));
}

Result<Done> set_member(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> instance,
                        Object* value) {
  auto& descriptor = as<MemberDescriptor>(object);
  TRY(check_member_owner(thread, descriptor, instance));
  Ref<Object> next;
  if (value != nullptr) next = Ref<Object>::share(thread, Borrowed<Object>(value));
  Ref<Object> previous =
      exchange_object_field(thread, instance, member_of(instance, descriptor), std::move(next));
  if (value == nullptr && !previous) {
    Borrowed<Str> name = as_str(Borrowed(descriptor.name));
    return raise_attribute_error(thread, instance, name, utf8_of(*name));
  }
  return Done{};
}

Result<Ref<Str>> repr_member(ThreadState& thread, Borrowed<Object> object) {
  auto& descriptor = as<MemberDescriptor>(object);
  return new_str(thread, fmt::format("<member '{}' of '{}' objects>",
                                     utf8_of(*as_str(Borrowed(descriptor.name))),
                                     static_cast<Type*>(descriptor.owner)->slots.name));
}

// -- wrapper_descriptor --

Result<Ref<Object>> call_slot(ThreadState& thread, const WrapperDescriptor& descriptor,
                              Borrowed<Object> self, const CallArguments& arguments) {
  const SlotRow& row = *descriptor.row;
  return row.wrap(thread, row, slot_in(protocol_of(*descriptor.owner), row.offset), self,
                  arguments);
}

Result<Ref<Object>> call_wrapper_descriptor(ThreadState& thread, Borrowed<Object> callee,
                                            const CallArguments& arguments) {
  auto& descriptor = as<WrapperDescriptor>(callee);
  if (arguments.positional.empty()) {
    return raise(thread, type_error_type, "descriptor '{}' of '{}' object needs an argument",
                 descriptor.row->name, descriptor.owner->slots.name);
  }
  Borrowed<Object> self = arguments.positional[0];
  if (!is_instance(*self, *descriptor.owner)) {
    return raise(thread, type_error_type,
                 "descriptor '{}' requires a '{}' object but received a '{}'", descriptor.row->name,
                 descriptor.owner->slots.name, type_name(self));
  }
  return call_slot(thread, descriptor, self, without_first(arguments));
}

Result<Ref<Object>> get_wrapper_descriptor(ThreadState& thread, Borrowed<Object> object,
                                           Object* instance, Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, object);
  auto& descriptor = as<WrapperDescriptor>(object);
  if (!is_instance(*instance, *descriptor.owner)) {
    return does_not_apply(thread, *as_str(Borrowed(descriptor.name)), *descriptor.owner,
                          Borrowed<Object>(instance));
  }
  Ref<MethodWrapper> made = new_object<MethodWrapper>(thread, method_wrapper_type);
  if (!made) return raise_out_of_memory(thread);
  made->descriptor = Ref<Object>::share(thread, object).release();
  made->self = Ref<Object>::share(thread, Borrowed<Object>(instance)).release();
  track(made.get());
  return made;
}

Result<Ref<Str>> repr_wrapper_descriptor(ThreadState& thread, Borrowed<Object> object) {
  auto& descriptor = as<WrapperDescriptor>(object);
  return new_str(thread, fmt::format("<slot wrapper '{}' of '{}' objects>", descriptor.row->name,
                                     descriptor.owner->slots.name));
}

// -- method-wrapper --

WrapperDescriptor& descriptor_of(const MethodWrapper& wrapper) {
  return *static_cast<WrapperDescriptor*>(wrapper.descriptor);
}

void release_wrapper(Object* object, DroppedFields& dropped) {
  auto* wrapper = static_cast<MethodWrapper*>(object);
  dropped.take(wrapper->descriptor);
  dropped.take(wrapper->self);
}
void traverse_wrapper(Object* object, Visit visit, void* context) {
  auto* wrapper = static_cast<MethodWrapper*>(object);
  if (wrapper->descriptor != nullptr) visit(context, wrapper->descriptor);
  if (wrapper->self != nullptr) visit(context, wrapper->self);
}

Result<Ref<Object>> call_method_wrapper(ThreadState& thread, Borrowed<Object> callee,
                                        const CallArguments& arguments) {
  auto& wrapper = as<MethodWrapper>(callee);
  return call_slot(thread, descriptor_of(wrapper), Borrowed<Object>(wrapper.self), arguments);
}

Result<Ref<Str>> repr_method_wrapper(ThreadState& thread, Borrowed<Object> object) {
  auto& wrapper = as<MethodWrapper>(object);
  return new_str(thread, fmt::format("<method-wrapper '{}' of {} object at {}>",
                                     descriptor_of(wrapper).row->name,
                                     type_name(Borrowed<Object>(wrapper.self)),
                                     static_cast<const void*>(wrapper.self)));
}

Result<bool> method_wrappers_are_equal(ThreadState&, Borrowed<Object> left,
                                       Borrowed<Object> right) {
  auto& one = as<MethodWrapper>(left);
  auto& other = as<MethodWrapper>(right);
  return one.descriptor == other.descriptor && one.self == other.self;
}

// -- protocols and types --

constexpr Protocol kMethodDescriptorProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_method_descriptor,
    .call = &call_method_descriptor,
    .descriptor_get = &get_method_descriptor,
    .binds_by_first_argument = true,
};
constexpr Protocol kClassMethodDescriptorProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_method_descriptor,
    .call = &call_classmethod_descriptor,
    .descriptor_get = &get_classmethod_descriptor,
};
constexpr Protocol kGetSetProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_getset,
    .descriptor_get = &get_getset,
    .descriptor_set = &set_getset,
};
constexpr Protocol kMemberProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_member,
    .descriptor_get = &get_member,
    .descriptor_set = &set_member,
};
constexpr Protocol kWrapperDescriptorProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_wrapper_descriptor,
    .call = &call_wrapper_descriptor,
    .descriptor_get = &get_wrapper_descriptor,
    .binds_by_first_argument = true,
};
constexpr Protocol kMethodWrapperProtocol{
    .hash = &hash_by_identity,
    .equals = &method_wrappers_are_equal,
    .repr = &repr_method_wrapper,
    .call = &call_method_wrapper,
};

// -- what a program sees of them --

Result<Ref<Object>> shared(ThreadState& thread, Object* object) {
  if (object == nullptr) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(object));
}
Result<Ref<Object>> qualified(ThreadState& thread, const Type& owner, const Str& name) {
  return new_str(thread, fmt::format("{}.{}", owner.slots.name, utf8_of(name)));
}

Result<Ref<Object>> method_name(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<MethodDescriptor>(self).signature->name().get());
}
Result<Ref<Object>> method_qualified_name(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, as<MethodDescriptor>(self).signature->full_name());
}
Result<Ref<Object>> method_owner(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<MethodDescriptor>(self).owner);
}
Result<Ref<Object>> method_documentation(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, as<MethodDescriptor>(self).row->documentation);
}
Result<Ref<Object>> method_text_signature(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, as<MethodDescriptor>(self).signature->parameters_text());
}
constexpr NativeAttribute kMethodAttributes[] = {
    {"__name__", &method_name},
    {"__qualname__", &method_qualified_name},
    {"__objclass__", &method_owner},
    {"__doc__", &method_documentation},
    {"__text_signature__", &method_text_signature},
};

Result<Ref<Object>> getset_name(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<GetSetDescriptor>(self).name);
}
Result<Ref<Object>> getset_qualified_name(ThreadState& thread, Borrowed<Object> self) {
  auto& descriptor = as<GetSetDescriptor>(self);
  return qualified(thread, owner_of(descriptor), *as_str(Borrowed(descriptor.name)));
}
Result<Ref<Object>> getset_owner(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<GetSetDescriptor>(self).owner);
}
Result<Ref<Object>> getset_documentation(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, as<GetSetDescriptor>(self).row->documentation);
}
constexpr NativeAttribute kGetSetAttributes[] = {
    {"__name__", &getset_name},
    {"__qualname__", &getset_qualified_name},
    {"__objclass__", &getset_owner},
    {"__doc__", &getset_documentation},
};

Result<Ref<Object>> member_name(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<MemberDescriptor>(self).name);
}
Result<Ref<Object>> member_qualified_name(ThreadState& thread, Borrowed<Object> self) {
  auto& descriptor = as<MemberDescriptor>(self);
  return qualified(thread, *static_cast<Type*>(descriptor.owner),
                   *as_str(Borrowed(descriptor.name)));
}
Result<Ref<Object>> member_owner(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<MemberDescriptor>(self).owner);
}
Result<Ref<Object>> no_documentation(ThreadState&, Borrowed<Object>) { return none(); }
constexpr NativeAttribute kMemberAttributes[] = {
    {"__name__", &member_name},
    {"__qualname__", &member_qualified_name},
    {"__objclass__", &member_owner},
    {"__doc__", &no_documentation},
};

Result<Ref<Object>> wrapper_name(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<WrapperDescriptor>(self).name);
}
Result<Ref<Object>> wrapper_qualified_name(ThreadState& thread, Borrowed<Object> self) {
  auto& descriptor = as<WrapperDescriptor>(self);
  return qualified(thread, *descriptor.owner, *as_str(Borrowed(descriptor.name)));
}
Result<Ref<Object>> wrapper_owner(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<WrapperDescriptor>(self).owner);
}
constexpr NativeAttribute kWrapperAttributes[] = {
    {"__name__", &wrapper_name},
    {"__qualname__", &wrapper_qualified_name},
    {"__objclass__", &wrapper_owner},
    {"__doc__", &no_documentation},
};

Borrowed<Object> wrapped(Borrowed<Object> self) {
  return Borrowed<Object>(as<MethodWrapper>(self).descriptor);
}
Result<Ref<Object>> bound_name(ThreadState& thread, Borrowed<Object> self) {
  return wrapper_name(thread, wrapped(self));
}
Result<Ref<Object>> bound_qualified_name(ThreadState& thread, Borrowed<Object> self) {
  return wrapper_qualified_name(thread, wrapped(self));
}
Result<Ref<Object>> bound_owner(ThreadState& thread, Borrowed<Object> self) {
  return wrapper_owner(thread, wrapped(self));
}
Result<Ref<Object>> bound_self(ThreadState& thread, Borrowed<Object> self) {
  return shared(thread, as<MethodWrapper>(self).self);
}
constexpr NativeAttribute kMethodWrapperAttributes[] = {
    {"__name__", &bound_name},      {"__qualname__", &bound_qualified_name},
    {"__objclass__", &bound_owner}, {"__self__", &bound_self},
    {"__doc__", &no_documentation},
};

}  // namespace

constinit Type method_descriptor_type(TypeSlots{
    .name = "method_descriptor",
    .size = sizeof(MethodDescriptor),
    .release_fields = &release_method_descriptor,
    .protocol = &kMethodDescriptorProtocol,
});
constinit Type classmethod_descriptor_type(TypeSlots{
    .name = "classmethod_descriptor",
    .size = sizeof(MethodDescriptor),
    .release_fields = &release_method_descriptor,
    .protocol = &kClassMethodDescriptorProtocol,
});
constinit Type getset_descriptor_type(TypeSlots{
    .name = "getset_descriptor",
    .size = sizeof(GetSetDescriptor),
    .heap = HeapKind::kCollected,
    .release_fields = &release_getset,
    .traverse = &traverse_getset,
    .protocol = &kGetSetProtocol,
});
constinit Type member_descriptor_type(TypeSlots{
    .name = "member_descriptor",
    .size = sizeof(MemberDescriptor),
    .heap = HeapKind::kCollected,
    .release_fields = &release_member,
    .traverse = &traverse_member,
    .protocol = &kMemberProtocol,
});
constinit Type wrapper_descriptor_type(TypeSlots{
    .name = "wrapper_descriptor",
    .size = sizeof(WrapperDescriptor),
    .protocol = &kWrapperDescriptorProtocol,
});
constinit Type method_wrapper_type(TypeSlots{
    .name = "method-wrapper",
    .size = sizeof(MethodWrapper),
    .heap = HeapKind::kCollected,
    .release_fields = &release_wrapper,
    .traverse = &traverse_wrapper,
    .protocol = &kMethodWrapperProtocol,
});

Result<Ref<Object>> new_method_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                          const NativeMethod& row) {
  Type& type =
      row.kind == NativeKind::kOfClass ? classmethod_descriptor_type : method_descriptor_type;
  TRY_ASSIGN(Signature * signature, Signature::read(thread, row.signature, owner.get()));
  Ref<MethodDescriptor> made = new_object<MethodDescriptor>(thread, type);
  if (!made) {
    Signature::free(signature);
    return raise_out_of_memory(thread);
  }
  made->row = &row;
  made->signature = signature;
  made->owner = owner.get();
  // It lives as long as its type, for ever, and every thread that calls the method would count it.
  if (kFreeThreaded) (void)try_make_immortal(thread, made.get());
  return made;
}

Result<Ref<Object>> new_getset_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                          const NativeAttribute& row) {
  TRY_ASSIGN(Ref<Str> name, intern(thread, row.name));
  Ref<GetSetDescriptor> made = new_object<GetSetDescriptor>(thread, getset_descriptor_type);
  if (!made) return raise_out_of_memory(thread);
  made->row = &row;
  made->owner = Ref<Object>::share(thread, owner).release();
  made->name = name.get();
  track(made.get());
  return made;
}

Result<Ref<Object>> new_member_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                          Borrowed<Str> name, std::uint32_t offset) {
  Ref<MemberDescriptor> made = new_object<MemberDescriptor>(thread, member_descriptor_type);
  if (!made) return raise_out_of_memory(thread);
  made->owner = Ref<Object>::share(thread, owner).release();
  made->name = Ref<Object>::share(thread, name).release();
  made->offset = offset;
  track(made.get());
  return made;
}

Result<Ref<Object>> new_wrapper_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                           const SlotRow& row) {
  Ref<WrapperDescriptor> made = new_object<WrapperDescriptor>(thread, wrapper_descriptor_type);
  if (!made) return raise_out_of_memory(thread);
  made->row = &row;
  made->owner = owner.get();
  made->name = (Names::of(thread).*row.interned)().get();
  return made;
}

Result<Done> open_descriptor_types(ThreadState& thread) {
  const NativeType rows[] = {
      {.type = method_descriptor_type,
       .attributes = kMethodAttributes,
       .derivable = Derivable::kNo},
      {.type = classmethod_descriptor_type,
       .attributes = kMethodAttributes,
       .derivable = Derivable::kNo},
      {.type = getset_descriptor_type,
       .attributes = kGetSetAttributes,
       .derivable = Derivable::kNo},
      {.type = member_descriptor_type,
       .attributes = kMemberAttributes,
       .derivable = Derivable::kNo},
      {.type = wrapper_descriptor_type,
       .attributes = kWrapperAttributes,
       .derivable = Derivable::kNo},
      {.type = method_wrapper_type,
       .attributes = kMethodWrapperAttributes,
       .derivable = Derivable::kNo},
  };
  for (const NativeType& row : rows) TRY(open_type(thread, row));
  return Done{};
}

}  // namespace runtime
