// One JSON object a line. Fields stand in a fixed order, so that files can be compared.
#include "conformance/history/history_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <ostream>

#include "conformance/history/history_reader.h"

namespace conformance {

namespace {

using nlohmann::ordered_json;

ordered_json header_of(const HistoryMetadata& metadata) {
  ordered_json header = {{"heddle_history", kHistoryFormat}};
  if (!metadata.model.empty()) header["model"] = metadata.model;
  header["unit"] = metadata.unit;
  header["resolution"] = metadata.resolution;
  if (!metadata.source.empty()) header["source"] = metadata.source;
  if (metadata.initial) header["initial"] = to_string(*metadata.initial);
  if (metadata.bound) header["bound"] = *metadata.bound;
  return header;
}

void put_question(ordered_json& line, const Operation& operation) {
  line["method"] = operation.method;
  ordered_json arguments = ordered_json::array();
  for (const Value& argument : operation.arguments) arguments.push_back(to_string(argument));
  line["arguments"] = std::move(arguments);
}

ordered_json whole(const Operation& operation) {
  ordered_json line = {{"thread", operation.thread}, {"call", operation.called_at}};
  if (operation.returned) line["return"] = operation.returned_at;
  put_question(line, operation);
  if (operation.returned) line["result"] = to_string(operation.result);
  return line;
}

// A call or a return; `rank` brings the events of one moment into an order that can be read back.
struct Event {
  std::int64_t time;
  int rank;
  std::size_t operation;
};

void write_events(const std::vector<Operation>& operations, const std::vector<std::size_t>& order,
                  std::ostream& stream) {
  std::vector<Event> events;
  int rank = 0;
  for (const std::size_t index : order) {
    events.push_back({operations[index].called_at, rank++, index});
    if (operations[index].returned)
      events.push_back({operations[index].returned_at, rank++, index});
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& left, const Event& right) { return left.time < right.time; });
  std::vector<bool> called(operations.size());
  for (const Event& event : events) {
    const Operation& operation = operations[event.operation];
    ordered_json line;
    if (!called[event.operation]) {
      called[event.operation] = true;
      line = {{"event", "call"}, {"thread", operation.thread}, {"time", event.time}};
      put_question(line, operation);
    } else {
      line = {{"event", "return"},
              {"thread", operation.thread},
              {"time", event.time},
              {"result", to_string(operation.result)}};
    }
    stream << line.dump() << '\n';
  }
}

}  // namespace

void write_history(const History& history, HistoryForm form, std::ostream& stream) {
  stream << header_of(history.metadata).dump() << '\n';
  const std::vector<Operation>& operations = history.operations;
  std::vector<std::size_t> order(operations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return operations[left].called_at < operations[right].called_at;
  });
  if (form == HistoryForm::Events) return write_events(operations, order, stream);
  for (const std::size_t index : order) stream << whole(operations[index]).dump() << '\n';
}

}  // namespace conformance
