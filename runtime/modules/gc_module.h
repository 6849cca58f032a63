// What the module gc wants of the collector, for who builds a runtime.
#pragma once

#include "runtime/collector/collector.h"

namespace runtime {

// The functions in gc.callbacks are called at each collection. Before the second thread.
void watch_collections(Collector& collector);

}  // namespace runtime
