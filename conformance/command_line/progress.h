// How far a run is: one line that is rewritten on a terminal, now and then a plain line elsewhere,
// or nothing.
#pragma once

#include <chrono>
#include <string>

#include "conformance/report/report.h"

namespace conformance {

enum class ProgressStyle { Line, Plain, None };

// auto: a line on a terminal, plain lines elsewhere.
ProgressStyle choose_progress(const std::string& wish, bool terminal);

class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  Progress(ProgressStyle style, bool color)
      : style_(style), color_(color), began_(Clock::now()), last_(began_) {}

  void plan(int total) { total_ = total; }
  void add(Verdict verdict) { counts_.add(verdict); }

  void tick();   // rewrites the line, or prints a plain one every ten seconds
  void clear();  // takes the line away, so that something else can be printed
  std::string line(
      double seconds) const;  // "  40/120  33 %  12.5/s  36 passed 2 failed 2 skipped  6 s left"

 private:
  ProgressStyle style_;
  bool color_;
  Clock::time_point began_, last_;
  int total_ = 0;
  bool shown_ = false;
  VerdictCounts counts_;
};

// "6 s", "2 min 5 s", "1 h 3 min".
std::string spoken_duration(double seconds);

}  // namespace conformance
