// The codes of methods.def, an enum for each model: ListMethod::append ...
//
// A code counts the rows of its model from 0. Each enum reads the table once and keeps the rows of its
// own model, by a macro that is named after the model.
#pragma once

#include <cstdint>

namespace conformance {

#define HEDDLE_METHOD(model, name, arguments, changes, key, summary) HEDDLE_ROW_OF_##model(name)
#define HEDDLE_KEEP_ROW(name) name,
#define HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_list(name) HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_deque(name) HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_queue(name) HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_dict(name) HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_set(name) HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_counter(name) HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_register(name) HEDDLE_SKIP_ROW(name)
#define HEDDLE_ROW_OF_kv(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_list
#define HEDDLE_ROW_OF_list(name) HEDDLE_KEEP_ROW(name)
enum class ListMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_list
#define HEDDLE_ROW_OF_list(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_deque
#define HEDDLE_ROW_OF_deque(name) HEDDLE_KEEP_ROW(name)
enum class DequeMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_deque
#define HEDDLE_ROW_OF_deque(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_queue
#define HEDDLE_ROW_OF_queue(name) HEDDLE_KEEP_ROW(name)
enum class QueueMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_queue
#define HEDDLE_ROW_OF_queue(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_dict
#define HEDDLE_ROW_OF_dict(name) HEDDLE_KEEP_ROW(name)
enum class DictMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_dict
#define HEDDLE_ROW_OF_dict(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_set
#define HEDDLE_ROW_OF_set(name) HEDDLE_KEEP_ROW(name)
enum class SetMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_set
#define HEDDLE_ROW_OF_set(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_counter
#define HEDDLE_ROW_OF_counter(name) HEDDLE_KEEP_ROW(name)
enum class CounterMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_counter
#define HEDDLE_ROW_OF_counter(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_register
#define HEDDLE_ROW_OF_register(name) HEDDLE_KEEP_ROW(name)
enum class RegisterMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_register
#define HEDDLE_ROW_OF_register(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_ROW_OF_kv
#define HEDDLE_ROW_OF_kv(name) HEDDLE_KEEP_ROW(name)
enum class KvMethod : std::uint8_t {
#include "conformance/linearizability/methods.def"
};
#undef HEDDLE_ROW_OF_kv
#define HEDDLE_ROW_OF_kv(name) HEDDLE_SKIP_ROW(name)

#undef HEDDLE_METHOD
#undef HEDDLE_KEEP_ROW
#undef HEDDLE_SKIP_ROW
#undef HEDDLE_ROW_OF_list
#undef HEDDLE_ROW_OF_deque
#undef HEDDLE_ROW_OF_queue
#undef HEDDLE_ROW_OF_dict
#undef HEDDLE_ROW_OF_set
#undef HEDDLE_ROW_OF_counter
#undef HEDDLE_ROW_OF_register
#undef HEDDLE_ROW_OF_kv

}  // namespace conformance
