// mappingproxy: a mapping that can be read and not written. What C.__dict__ is.
//
// Ancestry: types.MappingProxyType; CPython's mappingproxyobject (Objects/descrobject.c).
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct MappingProxy : Object {
  Object* mapping;  // owned; constant
};
extern Type mapping_proxy_type;

Result<Ref<Object>> new_mapping_proxy(ThreadState& thread, Borrowed<Object> mapping);

Result<Done> open_mapping_proxy_type(ThreadState& thread);

}  // namespace runtime
