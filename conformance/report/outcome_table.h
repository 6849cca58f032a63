// The table of outcomes of one case, and the sentence that says what its counts mean.
#pragma once

#include <string>

#include "conformance/outcome/result.h"
#include "conformance/report/report.h"
#include "conformance/report/text_layout.h"

namespace conformance {

// Worst outcomes first, required ones that were not seen last. Long outcomes and many of them are
// shortened unless the style is verbose; the results file has them whole.
std::string outcome_table(const Result& result, const TextStyle& style);

// "12 of 30 500 samples forbidden, 10 210 overlapped; the canary of this run: 22 %"
std::string counts_sentence(const Result& result);

Color color_of(Verdict verdict);

}  // namespace conformance
