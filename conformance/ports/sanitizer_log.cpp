// Reports of several processes may stand in one text, cut short or one in the middle of another, so
// several reports can be open at once and each line goes to the one that it fits: a second access
// to the report whose first access touched the same bytes, a summary to the report that it names.
//
// The price of a wrong guess is a signature that sends somebody to the wrong place. What cannot be
// told is "(unknown)" and never a copy of what is known: a parser that overlooks one wording, say
// "Previous atomic write", makes "f | f" of "f | g".
#include "conformance/ports/sanitizer_log.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <list>
#include <optional>
#include <string>

#include "conformance/ports/sanitizer_frame.h"

namespace conformance {

namespace {

constexpr char kUnknown[] = "(unknown)";
constexpr std::size_t kExcerptLimit = 4000;
constexpr std::size_t kOpenLimit = 16;  // reports open at once
constexpr std::size_t kDistinctLimit = 1000;

struct Stack {
  std::vector<SanitizerFrame> frames;
  std::uint64_t address = 0, size = 0;  // of an access; 0 where none is told
  bool mixed = false;                   // lines of two reports stand in it

  std::string innermost() const {
    if (mixed || frames.empty()) return kUnknown;
    const auto found = std::find_if(frames.begin(), frames.end(), [](const SanitizerFrame& frame) {
      return !is_plumbing(frame.name);
    });
    return found != frames.end() ? found->name : frames.front().name;
  }
  bool touches(const Stack& other) const {
    return address < other.address + other.size && other.address < address + size;
  }
};

struct Leak {
  bool direct = false;
  Stack stack;
  std::string excerpt;
};

struct Report {
  std::string kind;
  bool of_two = false;  // its kind has two sides
  bool undefined_behaviour = false;
  std::string place;  // of undefined behaviour
  std::optional<Stack> first, second,
      other;  // other: a stack with a heading that is neither, used when there is nothing else
  std::list<Leak> leaks;
  std::string excerpt;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& byte : small) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  return small;
}

// What follows `before` up to the nearest of `ends`.
std::string_view between(std::string_view text, std::string_view before,
                         std::initializer_list<std::string_view> ends) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  std::size_t end = text.size();
  for (const std::string_view stop : ends) end = std::min(end, text.find(stop));
  return text.substr(0, end);
}

std::uint64_t number_after(std::string_view text, std::string_view before, int base) {
  const std::size_t at = text.find(before);
  std::uint64_t number = 0;
  if (at != std::string_view::npos)
    std::from_chars(text.data() + at + before.size(), text.data() + text.size(), number, base);
  return number;
}

// "WARNING: ThreadSanitizer: data race (pid=1)" -> "data race"; "==1==ERROR: AddressSanitizer: SEGV
// on unknown address" -> "SEGV". Empty when the line opens no report.
std::string kind_of_heading(std::string_view line) {
  for (const std::string_view tool : {"WARNING: ThreadSanitizer: ", "WARNING: MemorySanitizer: "}) {
    const std::string_view kind = between(line, tool, {" (pid=", "\n"});
    if (!kind.empty()) return std::string(kind);
  }
  const std::size_t error = line.find("==ERROR: ");
  if (error == std::string_view::npos) return {};
  std::string_view kind = between(line.substr(error), "Sanitizer: ", {" on ", " (", ":", " 0x"});
  if (kind.starts_with("attempting ")) kind.remove_prefix(std::string_view("attempting ").size());
  return std::string(kind);
}

// "signed integer overflow: 1 + 2 cannot ..." -> "undefined behaviour: signed integer overflow".
// Without values it is the same for each occurrence.
std::string kind_of_undefined_behaviour(std::string_view message) {
  message =
      message.substr(0, std::min({message.find(": "), message.find('\''), message.find(',')}));
  std::string kind = "undefined behaviour:";
  while (!(message = trimmed(message)).empty()) {
    const std::string_view word = message.substr(0, message.find(' '));
    message.remove_prefix(word.size());
    const std::size_t digit = word.find_first_not_of("+-");
    const bool number =
        digit != std::string_view::npos && std::isdigit(static_cast<unsigned char>(word[digit]));
    kind += ' ';
    kind +=
        number && word.find_first_of("ghijklmnopqrstuvwyz") == std::string_view::npos ? "N" : word;
  }
  return kind;
}

// "file.cpp:22:50", or what stands there without debug information. Other programs say "runtime
// error" too.
bool is_code_place(std::string_view text) {
  if (text == "<unknown>" || (text.find("+0x") != std::string_view::npos && text.ends_with(')')) ||
      text.starts_with("0x"))
    return true;
  for (int part = 0; part < 2; ++part) {
    const std::size_t digits = text.find_last_not_of("0123456789");
    if (digits == std::string_view::npos || digits == 0 || text[digits] != ':' ||
        digits + 1 == text.size())
      return false;
    text = text.substr(0, digits);
  }
  return true;
}

enum class Heading { None, First, Second, Lock, Leak, IndirectLeak, Other };

// Does the line head a stack, and which? ThreadSanitizer writes "Read", "Atomic write", "Previous
// read", "Previous atomic write" ..., AddressSanitizer "READ".
Heading heading_of(std::string_view line) {
  const std::string text = lower(trimmed(line));
  std::string_view rest = text;
  const auto skip = [&](std::string_view word) {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
  };
  const bool previous = skip("previous ");
  skip("racy ");
  skip("atomic ");
  if (skip("read of size ") || skip("write of size ") || skip("modifying access of ") ||
      skip("read-only access of ")) {
    return previous ? Heading::Second : Heading::First;
  }
  if (text.starts_with("freed by thread ") || text == "and:") return Heading::Second;
  if (text.starts_with("mutex ") &&
      text.find(" acquired here while holding mutex ") != std::string::npos)
    return Heading::Lock;
  if (text.starts_with("direct leak of ")) return Heading::Leak;
  if (text.starts_with("indirect leak of ")) return Heading::IndirectLeak;
  return text.ends_with(':') && !text.starts_with('#') ? Heading::Other : Heading::None;
}

class LogParser {
 public:
  std::vector<RaceReport> parse(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      take(line);
    }
    while (!open_.empty()) close(open_.begin());
    return std::move(races_);
  }

 private:
  using Place = std::list<Report>::iterator;

  void take(std::string_view line) {
    if (opens_report(line) || opens_undefined_behaviour(line)) return;
    if (open_.empty()) return;
    add_to_excerpt(line);
    if (trimmed(line).empty()) {
      stack_ = nullptr;
      expects_stack_ = false;
    } else if (line.find("SUMMARY: ") != std::string_view::npos) {
      take_summary(line);
    } else if (const std::optional<SanitizerFrame> frame = parse_sanitizer_frame(line)) {
      take_frame(*frame);
    } else if (line.find("[failed to restore the stack]") == std::string_view::npos) {
      take_heading(heading_of(line), line);
    }
  }

  bool opens_report(std::string_view line) {
    const std::string kind = kind_of_heading(line);
    if (kind.empty()) return false;
    Report report;
    report.kind = kind;
    report.of_two =
        kind.find("race") != std::string::npos || kind.starts_with("lock-order-inversion");
    open(std::move(report), line);
    return true;
  }

  bool opens_undefined_behaviour(std::string_view line) {
    constexpr std::string_view kMark = ": runtime error: ";
    const std::size_t mark = line.find(kMark);
    if (mark == std::string_view::npos || !is_code_place(line.substr(0, mark))) return false;
    for (Place report = open_.begin();
         report != open_.end();) {  // its reports need not end with a summary
      const Place next = std::next(report);
      if (report->undefined_behaviour) close(report);
      report = next;
    }
    Report report;
    report.kind = kind_of_undefined_behaviour(line.substr(mark + kMark.size()));
    report.undefined_behaviour = true;
    const std::string_view place = line.substr(0, mark);
    report.place = place.substr(place.rfind('/') + 1);
    open(std::move(report), line);
    return true;
  }

  void open(Report report, std::string_view line) {
    if (open_.size() == kOpenLimit) close(open_.begin());
    open_.push_back(std::move(report));
    current_ = std::prev(open_.end());
    stack_ = nullptr;
    expects_stack_ = true;  // some kinds come without a heading over their stack
    add_to_excerpt(line);
  }

  void add_to_excerpt(std::string_view line) {
    std::string& excerpt =
        current_->leaks.empty() ? current_->excerpt : current_->leaks.back().excerpt;
    if (excerpt.size() + line.size() < kExcerptLimit) excerpt.append(line).append("\n");
  }

  void take_frame(const SanitizerFrame& frame) {
    if (stack_ == nullptr && expects_stack_ && frame.index == 0 && !current_->first)
      stack_ = &current_->first.emplace();
    if (stack_ == nullptr) return;
    if (frame.index == static_cast<int>(stack_->frames.size())) {
      stack_->frames.push_back(frame);
    } else {
      stack_->mixed = true;
    }
  }

  void take_heading(Heading heading, std::string_view line) {
    if (heading == Heading::None) return;
    Stack stack;
    stack.size = number_after(lower(line), " of size ", 10);
    stack.address = number_after(line, " at 0x", 16);
    stack_ = nullptr;
    expects_stack_ = false;
    if (heading == Heading::Leak || heading == Heading::IndirectLeak) {
      current_->leaks.push_back({heading == Heading::Leak, stack, std::string(line) + "\n"});
      stack_ = &current_->leaks.back().stack;
    } else if (heading == Heading::First) {
      put_first(stack);
    } else if (heading == Heading::Second) {
      put_second(stack);
    } else if (heading == Heading::Lock) {
      std::optional<Stack>& side = current_->first ? current_->second : current_->first;
      if (!side) stack_ = &side.emplace(stack);
    } else if (!current_->other) {
      stack_ = &current_->other.emplace(stack);
    }
  }

  void put_first(const Stack& stack) {
    // Not always the latest: another process may have opened its report in between.
    for (const bool latest_only : {true, false}) {
      for (Place report = open_.begin(); report != open_.end(); ++report) {
        if (report->first || (latest_only && report != current_)) continue;
        current_ = report;
        stack_ = &report->first.emplace(stack);
        return;
      }
    }
  }

  void put_second(const Stack& stack) {
    std::optional<Place> fitting;
    int without_second = 0;
    for (Place report = open_.begin(); report != open_.end(); ++report) {
      if (report->second || !report->first) continue;
      ++without_second;
      if (stack.size == 0 ? report == current_ : stack.touches(*report->first)) fitting = report;
    }
    // One that does not touch is still right when nobody else can be meant.
    if (!fitting && without_second == 1 && current_->first && !current_->second) fitting = current_;
    if (!fitting) return;
    current_ = *fitting;
    stack_ = &current_->second.emplace(stack);
  }

  // "SUMMARY: ThreadSanitizer: data race file.cpp:24:39 in plain_reader()" ends the report whose
  // stack begins so; when it fits none, the oldest.
  void take_summary(std::string_view line) {
    const Place named = std::find_if(open_.begin(), open_.end(), [&](const Report& report) {
      const bool has_stack = report.first && !report.first->frames.empty();
      return has_stack && trimmed(line).ends_with(" in " + report.first->frames.front().function);
    });
    close(named != open_.end() ? named : open_.begin());
  }

  void close(Place report) {
    if (!report->leaks.empty()) {
      close_leaks(*report);
    } else {
      add({signature_of(*report), report->kind, report->excerpt, 1});
    }
    open_.erase(report);
    stack_ = nullptr;
    expects_stack_ = false;
    if (!open_.empty()) current_ = std::prev(open_.end());
  }

  // A block that is only held by a leaked block is no mistake of its own.
  void close_leaks(const Report& report) {
    const bool any_direct = std::any_of(report.leaks.begin(), report.leaks.end(),
                                        [](const Leak& leak) { return leak.direct; });
    for (const Leak& leak : report.leaks) {
      if (leak.direct || !any_direct) add({leak.stack.innermost(), "memory leak", leak.excerpt, 1});
    }
  }

  static std::string signature_of(const Report& report) {
    if (!report.first && report.undefined_behaviour) return report.place;
    const std::string left = report.first   ? report.first->innermost()
                             : report.other ? report.other->innermost()
                                            : kUnknown;
    if (!report.second && !report.of_two) return left;
    const std::string right = report.second ? report.second->innermost() : kUnknown;
    const bool in_order = left != kUnknown && (right == kUnknown || left <= right);
    return in_order ? left + " | " + right : right + " | " + left;
  }

  void add(RaceReport race) {
    merge_races(races_, {std::move(race)});
    if (races_.size() > kDistinctLimit) races_.pop_back();
  }

  std::list<Report> open_;  // in the order of their beginning
  Place current_;           // where unspecific lines go; valid while open_ is not empty
  Stack* stack_ = nullptr;  // where frames go; null: nowhere
  bool expects_stack_ = false;
  std::vector<RaceReport> races_;
};

}  // namespace

std::vector<RaceReport> parse_sanitizer_log(std::string_view text) {
  return LogParser().parse(text);
}

void merge_races(std::vector<RaceReport>& into, const std::vector<RaceReport>& more) {
  for (const RaceReport& race : more) {
    const auto same = std::find_if(into.begin(), into.end(), [&](const RaceReport& known) {
      return known.signature == race.signature && known.kind == race.kind;
    });
    if (same == into.end()) {
      into.push_back(race);
    } else {
      same->count += race.count;
    }
  }
}

}  // namespace conformance
