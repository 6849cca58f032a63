// SVG bars in a page.
#include "conformance/linearizability/answer_page.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "conformance/linearizability/answer_text.h"

namespace conformance {

namespace {

constexpr std::int64_t kStep = 14;   // pixels from one event to the next
constexpr std::int64_t kLane = 26;   // pixels of a thread's lane
constexpr std::int64_t kLeft = 80;   // pixels for the names of the lanes
constexpr std::int64_t kLetter = 7;  // pixels of a letter, about

constexpr const char* kStyle = R"(
body{font:14px system-ui,sans-serif;margin:1em;background:#fff;color:#222}
pre{background:#f5f5f5;padding:.8em;overflow-x:auto}
#lanes{overflow:auto;max-height:75vh;border:1px solid #ccc}
text{font:11px ui-monospace,monospace;pointer-events:none}
rect{stroke:#fff;stroke-width:1}
.plain{fill:#b8cbe0}.placed{fill:#8fc59a}.refused{fill:#f0a030}.core{fill:#e05050}
.open{stroke:#666;stroke-dasharray:3 2}
.key{display:inline-block;padding:.1em .6em;margin-right:.5em}
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}pre{background:#2a2a2a}svg{background:#ddd}.key{color:#000}}
)";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

// Where calls and returns stand across: their rank among all events, calls first where stamps are equal.
struct Places {
  std::vector<std::int64_t> call, end;
  std::int64_t width = 0;
};

Places places_of(const History& history) {
  struct Event {
    std::int64_t time;
    bool is_return;
    std::size_t operation;
  };
  std::vector<Event> events;
  const std::size_t count = history.operations.size();
  for (std::size_t index = 0; index < count; ++index) {
    const Operation& operation = history.operations[index];
    events.push_back({operation.called_at, false, index});
    if (operation.returned) events.push_back({operation.returned_at, true, index});
  }
  std::sort(events.begin(), events.end(), [](const Event& left, const Event& right) {
    if (left.time != right.time) return left.time < right.time;
    if (left.is_return != right.is_return) return right.is_return;
    return left.operation < right.operation;
  });
  const auto all = static_cast<std::int64_t>(events.size());
  Places places{std::vector<std::int64_t>(count), std::vector<std::int64_t>(count, all), all + 1};
  for (std::int64_t rank = 0; rank < all; ++rank) {
    const Event& event = events[static_cast<std::size_t>(rank)];
    (event.is_return ? places.end : places.call)[event.operation] = rank;
  }
  return places;
}

const char* class_of(std::size_t index, const CheckResult& result,
                     const std::vector<std::int64_t>& number) {
  const auto same = [&](const Refusal& refusal) { return refusal.operation == index; };
  if (std::find(result.core.begin(), result.core.end(), index) != result.core.end()) return "core";
  if (std::any_of(result.stuck.refused.begin(), result.stuck.refused.end(), same)) return "refused";
  return number[index] > 0 ? "placed" : "plain";
}

std::string bar(const History& history, std::size_t index, std::int64_t lane, const Places& places,
                const char* kind, std::int64_t number, bool first_of_core) {
  const Operation& operation = history.operations[index];
  const std::int64_t x = kLeft + places.call[index] * kStep;
  const std::int64_t width =
      std::max<std::int64_t>((places.end[index] - places.call[index]) * kStep, 4);
  const std::int64_t y = lane * kLane + 3;
  std::string label = number > 0 ? fmt::format("{} ", number) : "";
  label += describe(operation);
  const auto room = static_cast<std::size_t>(std::max<std::int64_t>(width / kLetter - 1, 0));
  std::string cut = label.substr(0, room);
  // A character that was cut in two is no character: what begins with 10 in its bits goes on.
  while (!cut.empty() && cut.size() < label.size() && (label[cut.size()] & 0xc0) == 0x80)
    cut.pop_back();
  const std::string hover = fmt::format(
      "{}thread {}: {}\ncall {} {}{}", number > 0 ? fmt::format("number {}, ", number) : "",
      operation.thread, describe(operation), operation.called_at, history.metadata.unit,
      operation.returned ? fmt::format(", return {}", operation.returned_at) : ", never returned");
  return fmt::format(
      "<g{}><rect class=\"{}{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
      "rx=\"3\"><title>{}</title></rect>"
      "<text x=\"{}\" y=\"{}\">{}</text></g>\n",
      first_of_core ? " id=\"core\"" : "", kind, operation.returned ? "" : " open", x, y, width,
      kLane - 6, escaped(hover), x + 3, y + kLane - 12, escaped(cut));
}

}  // namespace

std::string answer_page(const History& history, const Model& model, const CheckResult& result) {
  std::vector<std::int64_t> number(history.operations.size());
  const bool linearizable = result.answer == Linearizability::Linearizable;
  const std::vector<std::size_t>& order = linearizable ? result.witness : result.stuck.prefix;
  for (std::size_t at = 0; at < order.size(); ++at)
    number[order[at]] = static_cast<std::int64_t>(at) + 1;
  std::map<int, std::int64_t> lanes;
  for (const Operation& operation : history.operations) lanes[operation.thread] = 0;
  std::int64_t lane = 0;
  for (auto& [thread, place] : lanes) place = lane++;

  const Places places = places_of(history);
  const std::string title = fmt::format("{}: {}", model.name, to_string(result.answer));
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
      "charset=\"utf-8\"><title>{}</title><style>{}</style></head>\n"
      "<body><h1>{}</h1>\n<p>{}</p>\n<pre>{}</pre>\n",
      escaped(title), kStyle, escaped(title), escaped(history.metadata.source),
      escaped(answer_text(history, model, result)));
  page +=
      "<p><span class=\"key\" style=\"background:#e05050\">cannot be explained</span>"
      "<span class=\"key\" style=\"background:#f0a030\">could not go next</span>"
      "<span class=\"key\" style=\"background:#8fc59a\">numbered: the order found</span>"
      "<span class=\"key\" style=\"background:#b8cbe0\">not placed</span></p>\n";
  page += fmt::format(
      "<div id=\"lanes\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\">\n",
      kLeft + places.width * kStep, lane * kLane + 6);
  for (const auto& [thread, place] : lanes) {
    page += fmt::format("<text x=\"4\" y=\"{}\">thread {}</text>\n", place * kLane + 17, thread);
  }
  bool marked = false;
  for (std::size_t index = 0; index < history.operations.size(); ++index) {
    const char* kind = class_of(index, result, number);
    const bool first = !marked && *kind == 'c';
    marked = marked || first;
    page += bar(history, index, lanes[history.operations[index].thread], places, kind,
                number[index], first);
  }
  page +=
      "</svg></div>\n<script>const c=document.getElementById('core');"
      "if(c)c.scrollIntoView({block:'center',inline:'center'});</script>\n</body></html>\n";
  return page;
}

}  // namespace conformance
