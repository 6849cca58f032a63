// list.sort on what it can sort: integers by number, texts by character. Python compares code points,
// and UTF-8 keeps their order.
#include <algorithm>

#include "conformance/linearizability/models/sequence_states.h"

namespace conformance {

bool ListState::sorted_items(std::vector<Word>& sorted) const {
  bool integers = true, texts = true;
  for (std::int64_t at = 0; at < items_.size(); ++at) {
    const Word word = items_.at(at);
    integers = integers && word.is_integer();
    texts = texts && words_->type(word) == Value::Type::Text;
    sorted.push_back(word);
  }
  if (sorted.size() < 2) return true;
  if (integers) {
    std::sort(sorted.begin(), sorted.end(),
              [](Word left, Word right) { return left.number() < right.number(); });
  } else if (texts) {
    std::sort(sorted.begin(), sorted.end(),
              [this](Word left, Word right) { return words_->text(left) < words_->text(right); });
  }
  return integers || texts;
}

}  // namespace conformance
