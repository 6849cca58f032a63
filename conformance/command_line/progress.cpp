#include "conformance/command_line/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>

namespace conformance {

ProgressStyle choose_progress(const std::string& wish, bool terminal) {
  if (wish == "none") return ProgressStyle::None;
  if (wish == "plain") return ProgressStyle::Plain;
  return terminal ? ProgressStyle::Line : ProgressStyle::Plain;
}

std::string spoken_duration(double seconds) {
  const long whole = std::lround(std::max(0.0, seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600)
    return whole % 60 == 0 ? fmt::format("{} min", whole / 60)
                           : fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string Progress::line(double seconds) const {
  const int done = counts_.total();
  std::string text =
      fmt::format("{}/{}  {} %", done, total_, total_ > 0 ? 100 * done / total_ : 100);
  if (seconds > 0.5 && done > 0) {
    text += fmt::format("  {:.1f}/s", done / seconds);
  }
  for (const auto& [verdict, count] : counts_.counts)
    text += fmt::format("  {} {}", count, to_string(verdict));
  if (seconds > 1 && done > 0 && done < total_)
    text += "  " + spoken_duration(seconds / done * (total_ - done)) + " left";
  return text;
}

void Progress::tick() {
  const Clock::time_point now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - began_).count();
  if (style_ == ProgressStyle::Line) {
    std::fputs(fmt::format("\r\x1b[2K{}{}{}", color_ ? "\x1b[2m" : "", line(seconds),
                           color_ ? "\x1b[0m" : "")
                   .c_str(),
               stderr);
    shown_ = true;
  } else if (style_ == ProgressStyle::Plain && now - last_ >= std::chrono::seconds(10)) {
    last_ = now;
    std::fputs((line(seconds) + "\n").c_str(), stderr);
  }
}

void Progress::clear() {
  if (!shown_) return;
  std::fputs("\r\x1b[2K", stderr);
  shown_ = false;
}

}  // namespace conformance
