#include <memory>

#include "runtime/base/event.h"
#include "runtime/base/scenario.h"

namespace runtime {
namespace {

RT_SCENARIO(event_set_wait, "base/event_set_vs_wait",
            "A wait for an event ends when it is set, whichever comes first.") {
  Event event;
  name_address(&event, "event");
  Plain<int> message{0};
  in_parallel({[&] {
                 event.wait();
                 RT_CHECK(message.get() == 1, "what was done before set() is done after the wait");
               },
               [&] {
                 message.set(1);
                 event.set();
               }});
}

RT_SCENARIO(event_two_waiters, "base/event_wakes_all",
            "One set() ends the wait of all, also of one that waits no longer.") {
  Event event;
  name_address(&event, "event");
  bool in_time = false;
  Thread patient([&] { event.wait(); });
  Thread hasty([&] { in_time = event.wait_until(10); });
  event.set();
  patient.join();
  hasty.join();
  RT_CHECK(event.is_set(), "an event stays set");
  RT_CHECK(!in_time || event.is_set(), "who says that it was set is right");
}

RT_SCENARIO(event_two_setters, "base/event_set_twice",
            "An event may be set by two threads at once while a third waits.") {
  Event event;
  name_address(&event, "event");
  Thread first([&] { event.set(); });
  Thread second([&] { event.set(); });
  event.wait();
  RT_CHECK(event.is_set(), "a wait ends because the event is set");
  first.join();
  second.join();
}

RT_SCENARIO(
    event_destroyed, "base/event_destroyed_by_its_waiter",
    "set() does not touch the event after it has released the waiter, who may destroy it.") {
  auto event = std::make_unique<Event>();
  name_address(event.get(), "event");
  Thread setter([event = event.get()] { event->set(); });
  event->wait();
  event.reset();
  setter.join();
}

}  // namespace
}  // namespace runtime
