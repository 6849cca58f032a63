#include "runtime/compiler/constants.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/mutants.h"
#include "runtime/compiler/compile.h"
#include "runtime/containers/set_object.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/immortal.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/threads/thread_state.h"
#include "runtime/threads/world.h"

namespace runtime {

namespace {

constexpr ThreadSlot<SharedConstants> kConstantsSlot{ThreadSlots::kConstants};

void append_number(std::string& key, std::uint64_t number) {
  char bytes[sizeof(number)];
  std::memcpy(bytes, &number, sizeof(number));
  key.append(bytes, sizeof(number));
}

void append_text(std::string& key, char kind, std::string_view text) {
  key += kind;
  append_number(key, text.size());
  key += text;
}

void append_key(std::string& key, Object* constant);

void append_parts(std::string& key, char kind, std::vector<std::string> parts) {
  key += kind;
  append_number(key, parts.size());
  for (const std::string& part : parts) key += part;
}

std::vector<std::string> keys_of(std::span<Object* const> objects) {
  std::vector<std::string> keys;
  for (Object* object : objects) append_key(keys.emplace_back(), object);
  return keys;
}

void append_identity(std::string& key, char kind, const Object* object) {
  key += kind;
  append_number(key, reinterpret_cast<std::uintptr_t>(object));
}

// Of no more than one runtime and while the object lives: never an order, only equality.
void append_key(std::string& key, Object* constant) {
  const Borrowed<Object> object(constant);
  if (constant->type == &int_type) {
    const Int& number = *as_int(object);
    if (number.is_small()) {
      key += 'i';
      return append_number(key, static_cast<std::uint64_t>(number.small));
    }
    const auto* digits = reinterpret_cast<const char*>(&number + 1);
    std::string text(digits, number.digit_count * sizeof(std::uint64_t));
    return append_text(key, number.is_negative ? 'N' : 'I', text);
  }
  if (constant->type == &float_type) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &as_float(object)->value, sizeof(bits));
    key += 'f';
    return append_number(key, bits);
  }
  if (constant->type == &str_type) {
    const Str& text = *as_str(object);
    return append_text(key, static_cast<char>('0' + static_cast<int>(text.kind)),
                       {reinterpret_cast<const char*>(text.bytes()), text.byte_count()});
  }
  if (constant->type == &bytes_type) return append_text(key, 'b', as_bytes(object)->view());
  if (constant->type == &tuple_type) {
    const Tuple& tuple = *as_tuple(object);
    return append_parts(key, 't', keys_of({tuple.items(), static_cast<std::size_t>(tuple.size)}));
  }
  if (constant->type == &slice_type) {
    const Slice& slice = *as_slice(object);
    Object* const parts[] = {slice.start, slice.stop, slice.step};
    return append_parts(key, 's', keys_of(parts));
  }
  if (constant->type == &frozenset_type) {
    ThreadState& thread = this_thread();
    auto members = set_to_tuple(thread, as_set(object));
    if (members.is_raised()) return append_identity(key, '?', constant);
    const Ref<Tuple> tuple = std::move(members).value();
    std::vector<std::string> parts =
        keys_of({tuple->items(), static_cast<std::size_t>(tuple->size)});
    std::sort(parts.begin(), parts.end());
    return append_parts(key, 'z', std::move(parts));
  }
  append_identity(key, '?', constant);
}

// Built-in and made of built-ins: what may be shared by everybody.
bool is_shareable(const Object& constant) {
  for (const Type* type :
       {&int_type, &float_type, &bytes_type, &tuple_type, &frozenset_type, &slice_type}) {
    if (constant.type == type) return true;
  }
  return false;
}

bool looks_like_name(const Str& text) {
  if (!text.is_ascii) return false;
  return std::all_of(text.bytes(), text.bytes() + text.length, [](std::uint8_t octet) {
    return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') || octet == '_' ||
           (octet >= 'a' && octet <= 'z');
  });
}

Result<Ref<Object>> settle_tuple(ThreadState& thread, Ref<Object> constant, ConstantLife life) {
  const Borrowed<Tuple> tuple = as_tuple(constant);
  std::vector<Ref<Object>> items;
  bool is_same = true;
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    TRY_ASSIGN(Ref<Object> item,
               settle_constant(thread, Ref<Object>::share(thread, tuple->at(i)), life));
    is_same &= item.get() == tuple->items()[i];
    items.push_back(std::move(item));
  }
  if (is_same) return constant;
  TRY_ASSIGN(Ref<Tuple> settled, new_tuple_taking(thread, items));
  return Ref<Object>(std::move(settled));
}

}  // namespace

std::string key_of_constant(Borrowed<Object> constant) {
  std::string key;
  append_key(key, constant.get());
  return key;
}

SharedConstants::SharedConstants(Kernel& kernel) : kernel_(kernel) {
  kernel.world().add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, &thread_exiting});
}

SharedConstants::~SharedConstants() {
  RT_CHECK(kernel_.world().thread_count() == 1, "constants end when the other threads have ended");
  kernel_.first_thread().slot(kConstantsSlot) = nullptr;
}

void SharedConstants::thread_created(void* self, ThreadState& thread) {
  thread.slot(kConstantsSlot) = static_cast<SharedConstants*>(self);
}

void SharedConstants::thread_exiting(void*, ThreadState& thread) {
  thread.slot(kConstantsSlot) = nullptr;
}

SharedConstants* SharedConstants::of(ThreadState& thread) { return thread.slot(kConstantsSlot); }

Ref<Object> SharedConstants::find(ThreadState& thread, std::string_view key) {
  LeafGuard guard(mutex_);
  const auto found = table_.find(std::string(key));
  if (found == table_.end()) return nullptr;
  return Ref<Object>::share(thread, Borrowed<Object>(found->second));
}

Ref<Object> SharedConstants::share(ThreadState& thread, std::string_view key,
                                   Ref<Object> constant) {
  LeafGuard guard(mutex_);
  const auto [place, is_new] = table_.try_emplace(std::string(key), constant.get());
  if (!is_new) {
    // Dropped after the lock by the caller's reference: a constant ends without foreign code.
    return Ref<Object>::share(thread, Borrowed<Object>(place->second));
  }
  if (!try_make_immortal(thread, constant.get())) table_.erase(place);
  return constant;
}

std::size_t SharedConstants::size() {
  LeafGuard guard(mutex_);
  return table_.size();
}

Result<Ref<Object>> settle_constant(ThreadState& thread, Ref<Object> constant, ConstantLife life) {
  if (constant->type == &str_type) {
    if (!kFreeThreaded && !looks_like_name(*as_str(constant))) return constant;
    TRY_ASSIGN(Ref<Str> interned,
               intern(thread, Ref<Str>::adopt(static_cast<Str*>(constant.release()))));
    return Ref<Object>(std::move(interned));
  }
  if (!is_shareable(*constant) || is_immortal(constant.get())) return constant;
  SharedConstants* shared = kFreeThreaded ? SharedConstants::of(thread) : nullptr;
  std::string key;
  if (shared != nullptr) {
    key = key_of_constant(constant);
    if (Ref<Object> known = shared->find(thread, key)) return known;
  }
  if (constant->type == &tuple_type) {
    TRY_ASSIGN(constant, settle_tuple(thread, std::move(constant), life));
  }
  if (shared == nullptr || life == ConstantLife::kMortal) return constant;
  return shared->share(thread, key, std::move(constant));
}

Result<std::uint32_t> ConstantPool::index_of(ThreadState& thread, Ref<Object> constant,
                                             ConstantLife life) {
  const std::string key = key_of_constant(constant);
  const auto found = index_.find(key);
  if (found != index_.end()) return found->second;
  TRY_ASSIGN(Ref<Object> settled, settle_constant(thread, std::move(constant), life));
  const auto index = static_cast<std::uint32_t>(objects_.size());
  objects_.push_back(std::move(settled));
  index_.emplace(key, index);
  return index;
}

Result<Ref<Tuple>> ConstantPool::finish(ThreadState& thread) {
  index_.clear();
  if (objects_.empty()) return empty_tuple();
  return new_tuple_taking(thread, objects_);
}

}  // namespace runtime
