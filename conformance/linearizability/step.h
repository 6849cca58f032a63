// What models and search share: a step, its effect, its answer, its undoing, and 128-bit hashes.
//
// A model's state class answers one question: step(step, choice, answer, log). It works out what it
// would return, shows it to `answer`, and only where that agrees does it change itself, with an entry
// in `log` for each change that undo() takes back. Two kinds of answer are asked for: a Judge compares
// with what was recorded; a Teller takes down what the model says. So each method is written once.
//
// Hashes are kept up to date by the change itself: a state is a set of (place, word) pairs, its hash
// the exclusive-or of their mixed pairs (Zobrist 1970). Two lanes of 64 bits.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "conformance/linearizability/word.h"

namespace conformance {

struct Hash128 {
  std::uint64_t low = 0, high = 0;
  bool operator==(const Hash128&) const = default;
  Hash128& operator^=(const Hash128& other) {
    low ^= other.low;
    high ^= other.high;
    return *this;
  }
  friend Hash128 operator^(Hash128 left, const Hash128& right) { return left ^= right; }
};

inline std::uint64_t mix_lane(std::uint64_t place, std::uint64_t what, std::uint64_t salt) {
  std::uint64_t hash = (place + salt) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 32;
  hash = (hash + what) * 0xbf58476d1ce4e5b9u;
  hash ^= hash >> 29;
  hash *= 0x94d049bb133111ebu;
  return hash ^ (hash >> 32);
}

inline Hash128 mix(std::uint64_t place, std::uint64_t what) {
  return {mix_lane(place, what, 0x243f6a8885a308d3u), mix_lane(place, what, 0x13198a2e03707344u)};
}

// One operation as the search knows it.
struct Step {
  std::uint8_t method = 0;  // Method::code
  bool returned = true;
  bool reads = false;     // no state in which it answers as recorded is changed by it
  std::int32_t key = -1;  // dense number of the key argument, where the method has one
  Word arguments[3] = {Word::absent(), Word::absent(), Word::absent()};
  Word result;
};

enum class Effect : std::uint8_t {
  Unfit,    // the object could not have answered so, or would have blocked
  Keeps,    // it could, and is as before (in another state the same answer might have changed it)
  Changes,  // it could, and is another now
};

struct UndoEntry {
  std::uint32_t kind = 0;
  std::int32_t place = 0;
  Word old;
};
using UndoLog = std::vector<UndoEntry>;

// Keys of one history (or one partition) as small numbers, equal keys as one.
class KeyNumbers {
 public:
  void clear();
  std::int32_t add(Word key);         // key: WordTable::key()
  std::int32_t find(Word key) const;  // -1 where it was never added
  std::size_t size() const { return words_.size(); }
  Word word(std::int32_t number) const { return words_[static_cast<std::size_t>(number)]; }

 private:
  void grow();
  struct Slot {
    Word key;
    std::int32_t number = -1;
  };
  std::vector<Slot> slots_;
  std::vector<Word> words_;
};

// What a state is made from.
struct Setup {
  WordTable* words = nullptr;
  const KeyNumbers* keys = nullptr;
  std::int64_t bound = -1;  // none
  Word initial = Word::absent();
  bool order_matters = true;  // dict: some method of this history shows the order of insertion
};

// Compares what the model says with what was recorded.
class Judge {
 public:
  Judge(const WordTable& words, Word recorded) : words_(words), recorded_(recorded) {}

  bool is(Word word) const { return recorded_ == word || recorded_ == Word::anything(); }
  bool known() const { return recorded_ != Word::anything(); }
  Word recorded() const { return recorded_; }

  template <typename At>
  bool is_list(std::size_t count, At at) const {
    if (!known()) return true;
    const std::span<const Word> items = words_.items(recorded_);
    if (words_.type(recorded_) != Value::Type::List || items.size() != count) return false;
    for (std::size_t index = 0; index < count; ++index) {
      if (items[index] != at(index)) return false;
    }
    return true;
  }
  // has(item): is exactly this word in it.
  template <typename At, typename Has>
  bool is_set(std::size_t count, At, Has has) const {
    if (!known()) return true;
    const std::span<const Word> items = words_.items(recorded_);
    if (words_.type(recorded_) != Value::Type::Set || items.size() != count) return false;
    for (const Word item : items) {
      if (!has(item)) return false;
    }
    return true;
  }
  // at(i): the i-th key, then value; has(key, value): is exactly this pair in it.
  template <typename At, typename Has>
  bool is_dict(std::size_t count, At, Has has) const {
    if (!known()) return true;
    const std::span<const Word> items = words_.items(recorded_);
    if (words_.type(recorded_) != Value::Type::Dict || items.size() != 2 * count) return false;
    for (std::size_t index = 0; index < items.size(); index += 2) {
      if (!has(items[index], items[index + 1])) return false;
    }
    return true;
  }
  // A tuple of two.
  bool is_pair(Word first, Word second) const {
    if (!known()) return true;
    const std::span<const Word> items = words_.items(recorded_);
    return words_.type(recorded_) == Value::Type::Tuple && items.size() == 2 && items[0] == first &&
           items[1] == second;
  }
  template <typename At>
  bool is_list_of_pairs(std::size_t count, At at) const {
    if (!known()) return true;
    const std::span<const Word> items = words_.items(recorded_);
    if (words_.type(recorded_) != Value::Type::List || items.size() != count) return false;
    for (std::size_t index = 0; index < count; ++index) {
      const auto [first, second] = at(index);
      if (!Judge(words_, items[index]).is_pair(first, second)) return false;
    }
    return true;
  }
  // Text whose bytes are these.
  bool is_text(std::string_view text) const {
    return !known() ||
           (words_.type(recorded_) == Value::Type::Text && words_.text(recorded_) == text);
  }

 private:
  const WordTable& words_;
  Word recorded_;
};

// Takes down what the model says.
class Teller {
 public:
  explicit Teller(WordTable& words) : words_(words) {}

  Word told() const { return told_; }
  bool known() const { return false; }
  Word recorded() const { return Word::anything(); }
  bool is(Word word) { return tell(word); }

  template <typename At>
  bool is_list(std::size_t count, At at) {
    return tell(words_.list(gather(count, at)));
  }
  template <typename At, typename Has>
  bool is_set(std::size_t count, At at, Has) {
    return tell(words_.set(gather(count, at)));
  }
  template <typename At, typename Has>
  bool is_dict(std::size_t count, At at, Has) {
    return tell(words_.dict(gather(2 * count, at)));
  }
  bool is_pair(Word first, Word second) {
    const Word both[2] = {first, second};
    return tell(words_.tuple(both));
  }
  template <typename At>
  bool is_list_of_pairs(std::size_t count, At at) {
    return tell(words_.list(gather(count, [&](std::size_t index) {
      const auto [first, second] = at(index);
      const Word both[2] = {first, second};
      return words_.tuple(both);
    })));
  }
  bool is_text(std::string_view text) { return tell(words_.text_word(text)); }

 private:
  bool tell(Word word) {
    told_ = word;
    return true;
  }
  template <typename At>
  static std::vector<Word> gather(std::size_t count, At at) {
    std::vector<Word> items;
    for (std::size_t index = 0; index < count; ++index) items.push_back(at(index));
    return items;
  }
  WordTable& words_;
  Word told_;
};

}  // namespace conformance
