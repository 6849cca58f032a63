// What a list and a dict cost one thread that shares them with nobody.
//
// The rivals count references as well: a vector of objects that are kept alive is what a list is.
#include <string>
#include <unordered_map>

#include "bench/containers/contests.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/str_object.h"

namespace bench {

namespace {

using runtime::Borrowed;
using runtime::Dict;
using runtime::List;
using runtime::Object;
using runtime::Ref;
using runtime::ThreadState;

constexpr std::size_t kItems = 1000;

// Ints that are counted, not the shared small ones.
std::vector<Ref<Object>> make_ints(ThreadState& thread) {
  std::vector<Ref<Object>> ints;
  for (std::size_t i = 0; i < kItems; ++i) {
    ints.push_back(must(runtime::new_int(thread, 1'000 + static_cast<std::int64_t>(i))));
  }
  return ints;
}

std::vector<Ref<Object>> make_names(ThreadState& thread) {
  std::vector<Ref<Object>> names;
  for (std::size_t i = 0; i < kItems; ++i) {
    names.push_back(must(runtime::new_str(thread, "name" + std::to_string(i))));
  }
  return names;
}

void add_list(Program& program, ThreadState* thread, const std::string& world, double target,
              const std::vector<Ref<Object>>& items) {
  program.add({.name = world + "/list_append",
               .operation = "a list of 1000, item by item",
               .rival = "std::vector, push_back",
               .ours = repeat(
                   [thread, &items] {
                     Ref<List> list = must(runtime::new_list(*thread));
                     for (const Ref<Object>& item : items) {
                       must(runtime::list_append(*thread, list, item.duplicate(*thread)));
                     }
                     list.drop(*thread);
                   },
                   kItems),
               .theirs = repeat(
                   [thread, &items] {
                     std::vector<Object*> vector;
                     for (const Ref<Object>& item : items) {
                       runtime::increment(*thread, item.get());
                       vector.push_back(item.get());
                       keep_memory();
                     }
                     for (Object* object : vector) runtime::decrement(*thread, object);
                   },
                   kItems),
               .at_most = target});
  Ref<List> list = must(runtime::new_list(*thread));
  std::vector<Object*> vector;
  for (const Ref<Object>& item : items) {
    must(runtime::list_append(*thread, list, item.duplicate(*thread)));
    vector.push_back(item.get());
  }
  program.add({.name = world + "/list_index",
               .operation = "take an item, drop it",
               .rival = "std::vector, at()",
               .ours = repeat(
                   [thread, list = list.get()] {
                     for (std::size_t i = 0; i < kItems; ++i) {
                       Ref<Object> item = runtime::list_get(*thread, Borrowed<List>(list),
                                                            static_cast<std::int64_t>(i));
                       keep_memory();
                       item.drop(*thread);
                     }
                   },
                   kItems),
               .theirs = repeat(
                   [thread, &vector] {
                     for (std::size_t i = 0; i < kItems; ++i) {
                       Object* object = vector.at(i);
                       runtime::increment(*thread, object);
                       keep_memory();
                       runtime::decrement(*thread, object);
                     }
                   },
                   kItems),
               .at_most = target});
  list.drop(*thread);
}

template <class Key, class KeyOf>
void add_dict(Program& program, ThreadState* thread, const std::string& world, double target,
              const std::string& kind, const std::string& rival,
              const std::vector<Ref<Object>>& keys, KeyOf key_of) {
  Ref<Dict> dict = must(runtime::new_dict(*thread));
  std::unordered_map<Key, Object*> map;
  std::vector<Key> map_keys;
  for (const Ref<Object>& key : keys) {
    must(runtime::dict_set(*thread, dict, key, key));
    map_keys.push_back(key_of(key));
    map[map_keys.back()] = key.get();
  }
  program.add({.name = world + "/dict_get_" + kind,
               .operation = "take a value, drop it",
               .rival = rival + ", find",
               .ours = repeat(
                   [thread, dict = dict.get(), &keys] {
                     for (const Ref<Object>& key : keys) {
                       Ref<Object> value =
                           must(runtime::dict_get(*thread, Borrowed<Dict>(dict), key));
                       keep_memory();
                       value.drop(*thread);
                     }
                   },
                   kItems),
               .theirs = repeat(
                   [thread, &map, &map_keys] {
                     for (const Key& key : map_keys) {
                       Object* object = map.find(key)->second;
                       runtime::increment(*thread, object);
                       keep_memory();
                       runtime::decrement(*thread, object);
                     }
                   },
                   kItems),
               .at_most = target});
  program.add({.name = world + "/dict_set_" + kind,
               .operation = "another value for a key",
               .rival = rival + ", operator[]",
               .ours = repeat(
                   [thread, dict = dict.get(), &keys] {
                     for (const Ref<Object>& key : keys) {
                       must(runtime::dict_set(*thread, Borrowed<Dict>(dict), key, key));
                       keep_memory();
                     }
                   },
                   kItems),
               .theirs = repeat(
                   [thread, &map, &map_keys, &keys] {
                     for (std::size_t i = 0; i < kItems; ++i) {
                       runtime::increment(*thread, keys[i].get());
                       Object* previous = std::exchange(map[map_keys[i]], keys[i].get());
                       keep_memory();
                       runtime::decrement(*thread, previous);
                     }
                   },
                   kItems),
               .at_most = target});
  program.add({.name = world + "/dict_fill_" + kind,
               .operation = "a dict of 1000, key by key",
               .rival = rival + ", operator[]",
               .ours = repeat(
                   [thread, &keys] {
                     Ref<Dict> filled = must(runtime::new_dict(*thread));
                     for (const Ref<Object>& key : keys) {
                       must(runtime::dict_set(*thread, filled, key, key));
                     }
                     filled.drop(*thread);
                   },
                   kItems),
               .theirs = repeat(
                   [thread, &map_keys, &keys] {
                     std::unordered_map<Key, Object*> filled;
                     for (std::size_t i = 0; i < kItems; ++i) {
                       runtime::increment(*thread, keys[i].get());
                       filled[map_keys[i]] = keys[i].get();
                     }
                     for (const auto& [key, object] : filled) runtime::decrement(*thread, object);
                   },
                   kItems)});
  dict.drop(*thread);
}

}  // namespace

void add_one_thread(Program& program) {
  Runtime runtime;
  ThreadState* thread = &runtime.here;
  std::vector<Ref<Object>> ints = make_ints(*thread);
  std::vector<Ref<Object>> names = make_names(*thread);
  const auto add_all = [&](const std::string& world, double target) {
    add_list(program, thread, world, target, ints);
    add_dict<std::int64_t>(
        program, thread, world, target, "int", "std::unordered_map of int64", ints,
        [](const Ref<Object>& key) { return static_cast<const runtime::Int&>(*key).small; });
    add_dict<std::string>(program, thread, world, target, "str",
                          "std::unordered_map of std::string", names, [](const Ref<Object>& key) {
                            return runtime::utf8_of(static_cast<const runtime::Str&>(*key));
                          });
  };
  add_all("one", 2);
  // From now on locks are taken, though nobody contends: the containers are still this thread's own.
  runtime.kernel.world().destroy_thread(runtime.kernel.world().create_thread());
  add_all("unshared", 0);
}

}  // namespace bench
