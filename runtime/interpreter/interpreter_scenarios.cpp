// Two threads that run code with the same generators, frames, functions, globals, cells and objects.
//
// The functions are defined, and have run once, before the threads start; these call them and look.
#include <string>
#include <vector>

#include "runtime/containers/iterators_test_support.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/interpreter/generator_object.h"
#include "runtime/interpreter/import.h"
#include "runtime/interpreter/interpreter_test_support.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

using Numbers = std::vector<std::int64_t>;

std::int64_t number_in(const Ref<Object>& item) { return *int64_of(*as_int(item)); }

// A runtime in which a text has run. There are no builtins and built-in types have no methods: to make
// them would take most of the time.
class Program {
 public:
  explicit Program(std::string_view text)
      : values_(kernel_),
        types_(kernel_),
        opened_(here()),
        collector_(kernel_, collector_for_tests()),
        interpreter_(kernel_, values_, types_, collector_, {}),
        globals_(new_globals(here())) {
    must(try_run(here(), globals_, text));
  }
  ~Program() {
    globals_.drop(here());
    interpreter_.forget_modules(here());
    collector_.collect(here());
  }
  [[nodiscard]] ThreadState& here() { return kernel_.first_thread(); }
  [[nodiscard]] Borrowed<Dict> globals() { return globals_; }
  // What the text calls so.
  [[nodiscard]] Ref<Object> named(std::string_view name) {
    Ref<Object> found = must(dict_get(here(), globals(), must(intern(here(), name))));
    RT_CHECK(static_cast<bool>(found), "the text defines it");
    return found;
  }
  void define(std::string_view name, Borrowed<Object> value) {
    must(dict_set(here(), globals(), must(intern(here(), name)), value));
  }
  [[nodiscard]] Interpreter& interpreter() { return interpreter_; }
  void run(AttachedBody one, AttachedBody other) {
    run_attached(kernel_, {std::move(one), std::move(other)}, ThreadEnd::kDetaches);
  }

 private:
  struct Opened {
    explicit Opened(ThreadState& thread) { must(open_basic_types(thread)); }
  };

  Kernel kernel_;
  Values values_;
  Types types_;
  Opened opened_;
  Collector collector_;
  Interpreter interpreter_;
  Ref<Dict> globals_;
};

std::int64_t called(ThreadState& thread, const Ref<Object>& function,
                    std::initializer_list<Borrowed<Object>> arguments = {}) {
  return number_in(must(call_with(thread, function, arguments)));
}

// What next() of a generator that two threads share gives: a number, or nothing because it has ended,
// or because the other thread executes it.
constexpr std::int64_t kEnded = -1;
constexpr std::int64_t kExecuting = -2;
std::int64_t next_of_shared(ThreadState& thread, const Ref<Object>& generator) {
  Result<Ref<Object>> item = next_of(thread, generator);
  if (item.is_raised()) {
    RT_CHECK(raised_by(thread, std::move(item)) == "ValueError: generator already executing",
             "it says what is wrong");
    return kExecuting;
  }
  return item.value() ? number_in(item.value()) : kEnded;
}

RT_SCENARIO(
    generator_shared, "interpreter/generator_shared",
    "Of two threads that ask one generator at the same time one is refused; nothing is lost "
    "or given twice.") {
  Program program(
      "def count():\n"
      "    for i in (1001, 1002, 1003): yield i\n"
      "shared = count()\n");
  Ref<Object> generator = program.named("shared");
  Numbers given[2];
  const auto ask = [&](Numbers& into) {
    return [&](ThreadState& thread) {
      for (int i = 0; i < 2; ++i) {
        const std::int64_t number = next_of_shared(thread, generator);
        if (number > 0) into.push_back(number);
      }
    };
  };
  program.run(ask(given[0]), ask(given[1]));
  Numbers all = given[0];
  all.insert(all.end(), given[1].begin(), given[1].end());
  for (std::int64_t number; (number = next_of_shared(program.here(), generator)) != kEnded;) {
    all.push_back(number);
  }
  std::sort(all.begin(), all.end());
  RT_CHECK(all == (Numbers{1001, 1002, 1003}), "each item once");
}

RT_SCENARIO(generator_closed, "interpreter/generator_next_vs_close",
            "A generator that another thread closes gives an item, or has ended, or is refused.") {
  Program program(
      "ended = 0\n"
      "def count():\n"
      "    global ended\n"
      "    try:\n"
      "        yield 1001\n"
      "        yield 1002\n"
      "    finally: ended += 1\n"
      "shared = count()\n");
  Ref<Object> generator = program.named("shared");
  RT_CHECK(next_of_shared(program.here(), generator) == 1001, "it has begun");
  bool is_closed = false;
  program.run(
      [&](ThreadState& thread) {
        Result<Ref<Object>> closed = generator_close(thread, as_generator(generator));
        is_closed = !closed.is_raised();
        if (closed.is_raised()) (void)raised_by(thread, std::move(closed));
      },
      [&](ThreadState& thread) {
        const std::int64_t number = next_of_shared(thread, generator);
        RT_CHECK(number == 1002 || number == kEnded || number == kExecuting, "one of the three");
      });
  if (!is_closed) must(generator_close(program.here(), as_generator(generator)));
  RT_CHECK(number_in(program.named("ended")) == 1, "it ended once");
}

// One thread runs busy(), and hands its frame over in the middle.
RT_SCENARIO(frame_read, "interpreter/frame_read_while_it_runs",
            "Who reads the frame of a call that another thread executes sees a state that the call "
            "was in, before or after its end.") {
  Program program(
      "def show(): pass\n"
      "def busy(x):\n"
      "    x = x + 1\n"
      "    show()\n"
      "    x = x + 1\n"
      "    x = x + 1\n"
      "def outer(): busy(1000)\n"
      "outer()\n");
  Ref<FrameObject> frame;
  Semaphore shown;
  Ref<Object> show = function(program.here(), [&](ThreadState& thread, const CallArguments&) {
    frame = must(frame_at_depth(thread, 0));
    shown.post();
    return Result<Ref<Object>>(none());
  });
  program.define("show", show);
  Ref<Object> outer = program.named("outer");
  program.run([&](ThreadState& thread) { must(call_with(thread, outer)); },
              [&](ThreadState& thread) {
                wait_detached(thread, shown);
                Ref<Object> locals = must(frame_locals(thread, frame));
                Ref<Object> x = must(get_item(thread, locals, must(intern(thread, "x"))));
                const std::int64_t seen = number_in(x);
                RT_CHECK(1001 <= seen && seen <= 1003, "a value that the variable had");
                const int line = frame_line(thread, frame);
                RT_CHECK(4 <= line && line <= 6, "a line that comes behind the call");
                Ref<FrameObject> back = must(frame_back(thread, frame));
                RT_CHECK(static_cast<bool>(back), "somebody has called it");
                RT_CHECK(frame_line(thread, back) == 7, "and is in that line");
              });
  frame.drop(program.here());
}

RT_SCENARIO(function_replaced, "interpreter/function_code_and_defaults_vs_call",
            "A call of a function of which another thread replaces code and defaults uses what it "
            "had at some moment.") {
  Program program(
      "def f(x=1000): return x\n"
      "def g(x=3000): return x + 1\n"
      "def replace():\n"
      "    f.__defaults__ = (2000,)\n"
      "    f.__code__ = g.__code__\n"
      "replace.__name__, f(), g()\n");
  Ref<Object> f = program.named("f");
  Ref<Object> replace = program.named("replace");
  program.run([&](ThreadState& thread) { must(call_with(thread, replace)); },
              [&](ThreadState& thread) {
                const std::int64_t seen = called(thread, f);
                RT_CHECK(seen == 1000 || seen == 2000 || seen == 1001 || seen == 2001,
                         "an old or new default, in old or new code");
              });
  RT_CHECK(called(program.here(), f) == 2001, "both were replaced");
}

RT_SCENARIO(
    global_replaced, "interpreter/global_read_vs_replaced",
    "Who reads a global that another thread replaces sees the old value, then the new one.") {
  Program program(
      "value = 1000\n"
      "def read(): return value\n"
      "def replace(new):\n"
      "    global value\n"
      "    value = new + 1\n"
      "read()\n");
  Ref<Object> read = program.named("read");
  Ref<Object> replace = program.named("replace");
  program.run(
      [&](ThreadState& thread) { must(call_with(thread, replace, {number(thread, 2000)})); },
      [&](ThreadState& thread) {
        const std::int64_t first = called(thread, read);
        const std::int64_t second = called(thread, read);
        RT_CHECK(first == 1000 || first == 2001, "a value that it had");
        RT_CHECK(second == 2001 || (second == 1000 && first == 1000), "and it does not go back");
      });
}

RT_SCENARIO(
    cell_replaced, "interpreter/cell_read_vs_replaced",
    "Who reads a variable of an enclosing function that another thread assigns gets a value "
    "that it had, alive.") {
  Program program(
      "def make(cell):\n"
      "    def read(): return cell\n"
      "    def write(value):\n"
      "        nonlocal cell\n"
      "        cell = value + 1\n"
      "        cell = value + 2\n"
      "    return read, write\n"
      "read, write = make(1000)\n"
      "write(1000)\n"
      "read()\n");
  Ref<Object> read = program.named("read");
  Ref<Object> write = program.named("write");
  program.run([&](ThreadState& thread) { must(call_with(thread, write, {number(thread, 2000)})); },
              [&](ThreadState& thread) {
                const std::int64_t seen = called(thread, read);
                RT_CHECK(seen == 1002 || seen == 2001 || seen == 2002, "a value that it had");
              });
}

RT_SCENARIO(attribute_stored, "interpreter/attribute_store_vs_store",
            "Of two threads that store one attribute of an object one comes last, and each value "
            "that was replaced is dropped once.") {
  Program program(
      "class C: pass\n"
      "shared = C()\n"
      "shared.a = 1000\n"
      "def store(value): shared.a = value + 1\n"
      "def load(): return shared.a\n"
      "store(1000)\n"
      "store(1000)\n"
      "load()\n");
  Ref<Object> store = program.named("store");
  Ref<Object> load = program.named("load");
  const auto storing = [&](std::int64_t value) {
    return [&, value](ThreadState& thread) {
      must(call_with(thread, store, {number(thread, value)}));
      const std::int64_t seen = called(thread, load);
      RT_CHECK(seen == 2001 || seen == 3001, "this value or that of the other thread");
    };
  };
  program.run(storing(2000), storing(3000));
}

RT_SCENARIO(module_imported, "interpreter/module_imported_by_two",
            "Two threads that import one module get the same one, which was made once.") {
  static int times_made;  // who makes it has no other way to it
  times_made = 0;
  Program program("");
  program.interpreter().set_finders(
      {[](ThreadState& thread, std::string_view name) -> Result<Ref<Object>> {
         ++times_made;
         TRY_ASSIGN(Ref<Str> its_name, intern(thread, name));
         return new_module(thread, its_name);
       },
       nullptr});
  Ref<Object> imported[2];
  const auto import_it = [&](Ref<Object>& into) {
    return [&into](ThreadState& thread) { into = must(import_module(thread, "m")); };
  };
  program.run(import_it(imported[0]), import_it(imported[1]));
  RT_CHECK(times_made == 1, "it was made once");
  RT_CHECK(imported[0].get() == imported[1].get(), "both got the same");
  for (Ref<Object>& module : imported) module.drop(program.here());
}

RT_SCENARIO(loop_stopped, "interpreter/loop_stopped_by_another",
            "A thread that goes round a loop which calls nothing can be stopped.") {
  Program program(
      "def go_round(items):\n"
      "    for item in items: pass\n"
      "    return 7\n");
  Ref<Object> function = program.named("go_round");
  Atomic<bool> goes_on{true};
  program.run(
      [&](ThreadState& thread) {
        Ref<Object> items =
            scripted(thread, {.next = [&](ThreadState&) {
                       spin_pause();  // let the other one go on: this one would never end by itself
                       return Result<Ref<Object>>(goes_on.load() ? none() : Ref<Object>());
                     }});
        RT_CHECK(called(thread, function, {items}) == 7, "it ends");
      },
      [&](ThreadState& thread) {
        { StoppedWorld stopped(thread); }
        goes_on.store(false);
      });
}

}  // namespace
}  // namespace runtime
