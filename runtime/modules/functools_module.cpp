// `_functools`: https://docs.python.org/3/library/functools.html
#include "runtime/modules/functools_objects.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/modules/native_module.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"

namespace runtime {

namespace {

Result<Ref<Object>> reduce(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  if (protocol_of(arguments.at(1)).iterate == nullptr &&
      protocol_of(arguments.at(1)).get_item == nullptr) {
    return raise(thread, type_error_type, "reduce() arg 2 must support iteration");
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, arguments.at(1)));
  Ref<Object> result;
  if (arguments.has(2)) {
    result = Ref<Object>::share(thread, arguments.at(2));
  } else {
    TRY_ASSIGN(result, next_of(thread, iterator));
    if (!result) {
      return raise(thread, type_error_type, "reduce() of empty iterable with no initial value");
    }
  }
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return result;
    const Borrowed<Object> both[] = {result, item};
    Result<Ref<Object>> next = call(thread, arguments.at(0), both);
    if (next.is_raised()) return next;
    result = std::move(next).value();
  }
}

// -- cmp_to_key --

// Without an object it is what makes those that have one.
struct ComparisonKey : Object {
  Object* function;  // constant, as the other
  Object* object;
};

ComparisonKey& key_of(Borrowed<Object> object) {
  return *static_cast<ComparisonKey*>(object.get());
}

Result<Ref<Object>> new_key(ThreadState& thread, Borrowed<Object> function, Object* object) {
  Ref<ComparisonKey> key = new_object<ComparisonKey>(thread, comparison_key_type);
  if (!key) return raise_out_of_memory(thread);
  key->function = Ref<Object>::share(thread, function).release();
  key->object = share_field(thread, object).release();
  track(key.get());
  return key;
}

// K(obj), which callers may also write K(obj=...).
Result<Ref<Object>> call_key(ThreadState& thread, Borrowed<Object> self,
                             const CallArguments& call) {
  const Arguments given = call.positional.empty() ? call.named : call.positional;
  if (call.positional.size() + call.named.size() != 1) {
    return raise(thread, type_error_type, "K() takes exactly one argument ({} given)",
                 call.positional.size() + call.named.size());
  }
  return new_key(thread, Borrowed(key_of(self).function), given[0].get());
}

Result<Ref<Object>> compare_keys(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                                 CompareOp op) {
  if (right->type != &comparison_key_type) {
    return raise(thread, type_error_type, "other argument must be K instance");
  }
  Object* ours = key_of(left).object;
  Object* theirs = key_of(right).object;
  if (ours == nullptr || theirs == nullptr) {
    return raise(thread, attribute_error_type, "object");
  }
  const Borrowed<Object> both[] = {Borrowed(ours), Borrowed(theirs)};
  TRY_ASSIGN(Ref<Object> answer, call(thread, Borrowed(key_of(left).function), both));
  return compare(thread, answer, shared_int(0), op);
}

Result<Ref<Object>> get_object(ThreadState& thread, Borrowed<Object> self) {
  Object* object = key_of(self).object;
  return object == nullptr ? none() : Ref<Object>::share(thread, Borrowed(object));
}

constexpr Protocol kKeyProtocol{.compare = &compare_keys, .call = &call_key};

constexpr NativeAttribute kKeyAttributes[] = {
    {"obj", &get_object, nullptr, "Value wrapped by a key function."},
};

constexpr NativeMethod kFunctions[] = {
    {"reduce(function, iterable, /, initial?)", &reduce,
     "Apply a function of two arguments cumulatively to the items of an iterable."},
    {"cmp_to_key(mycmp)", &make_comparison_key, "Convert a cmp= function into a key= function."},
};

}  // namespace

constinit Type comparison_key_type(
    iterator_slots<ComparisonKey, &ComparisonKey::function, &ComparisonKey::object>(
        "functools.KeyWrapper", &kKeyProtocol));

Result<Ref<Object>> make_comparison_key(ThreadState& thread, Borrowed<Object>,
                                        const BoundArguments& arguments) {
  return new_key(thread, arguments.at(0), nullptr);
}

Result<Done> open_partial_type(ThreadState& thread);
Result<Done> open_cache_type(ThreadState& thread);

Result<Done> open_functools_types(ThreadState& thread) {
  TRY(open_partial_type(thread));
  TRY(open_cache_type(thread));
  return open_type(thread, NativeType{.type = comparison_key_type,
                                      .module = "functools",
                                      .attributes = kKeyAttributes,
                                      .derivable = Derivable::kNo});
}

Result<Done> fill_functools(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  TRY(set_in_module(thread, module, "partial", partial_type));
  return set_in_module(thread, module, "_lru_cache_wrapper", cache_wrapper_type);
}

}  // namespace runtime
