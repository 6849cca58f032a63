// Weak references and proxies as programs see them.
//
// `weakref.ref` is the weak reference of the kernel (object/weak_reference.h) with a table of
// operations: called it gives its referent or None, and two are equal as their referents are. A proxy
// is one that does with its referent whatever is done with it; for each operation it takes a reference
// first, so that the referent lives until the operation is over.
//
// Ancestry: PEP 205; https://docs.python.org/3/library/weakref.html; CPython's Objects/weakrefobject.c.
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

extern Type proxy_type;           // weakref.ProxyType
extern Type callable_proxy_type;  // weakref.CallableProxyType

[[nodiscard]] inline bool is_weak_reference(const Object& object) {
  return is_instance(object, weak_reference_type);
}
[[nodiscard]] inline bool is_proxy(const Object& object) {
  return object.type == &proxy_type || object.type == &callable_proxy_type;
}

// TypeError "cannot create weak reference to 'int' object".
Result<Done> check_referable(ThreadState& thread, Borrowed<Object> referent);
// The WeakCallback of both: calls a Python callable with the reference; what it raises is reported.
void call_python_callback(ThreadState& thread, Borrowed<WeakReference> reference,
                          Borrowed<Object> callable);

// weakref.proxy(object, callback); `callback` null: none.
Result<Ref<Object>> new_proxy(ThreadState& thread, Borrowed<Object> referent, Object* callback);

}  // namespace runtime
