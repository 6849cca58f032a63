// Values as the checker's inner loop wants them: 64 bits that are equal exactly when the values are.
//
// None, True, False, exceptions and integers up to 2^60 are written into the word itself. Anything
// else (text, floats, lists ...) lives once in a WordTable and the word is its place there. So a
// model compares results in one instruction, `len` builds its answer without a look-up, and a
// history of integers needs no table at all.
//
// Two relations: words are the same when the values have the same type and spelling (1, 1.0 and True
// are three results), and *equal* when Python's == says so (one key of a dict, one element for
// `index`). WordTable::key() maps a word to the one that stands for all it equals. nan equals itself
// here, as an object in a container does that is looked for by identity.
//
// Thread safety: a table that nobody adds to may be read by many.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/outcome/value.h"

namespace conformance {

enum class Raised : std::uint8_t {
  KeyError,
  IndexError,
  ValueError,
  TypeError,
  Empty,
  Full,
  RuntimeError
};

class Word {
 public:
  enum class Kind : std::uint8_t { Special, Integer, Stored };

  constexpr Word() = default;  // None
  static constexpr Word none() { return {}; }
  static constexpr Word boolean(bool truth) { return Word((truth ? 2u : 1u) << 2); }
  // In a result: whatever came back is right (it is not known). Never stored in a state.
  static constexpr Word anything() { return Word(3u << 2); }
  static constexpr Word absent() { return Word(4u << 2); }  // no argument, no entry
  // In a state: some value that no result shows and nobody asks for (evidence.h).
  static constexpr Word unseen() { return Word(5u << 2); }
  static constexpr Word raised(Raised exception) {
    return Word((std::uint64_t{16} + static_cast<std::uint64_t>(exception)) << 2);
  }
  static constexpr Word integer(std::int64_t number) {
    return Word((static_cast<std::uint64_t>(number) << 2) | 1u);
  }
  static constexpr Word stored(std::uint64_t place) { return Word((place << 2) | 2u); }

  constexpr Kind kind() const { return static_cast<Kind>(bits_ & 3u); }
  constexpr bool is_raised() const { return kind() == Kind::Special && place() >= 16; }
  constexpr bool is_integer() const { return kind() == Kind::Integer; }
  constexpr std::int64_t number() const { return static_cast<std::int64_t>(bits_) >> 2; }
  constexpr std::uint64_t place() const { return bits_ >> 2; }
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool operator==(const Word&) const = default;

  static constexpr std::int64_t kLargest = (std::int64_t{1} << 60) - 1;  // and its negative

 private:
  constexpr explicit Word(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_ = 0;
};

class WordTable {
 public:
  WordTable();
  ~WordTable();
  WordTable(WordTable&&) noexcept;
  WordTable& operator=(WordTable&&) noexcept;

  Word word(const Value& value);  // adds it when it is new
  Value value(Word word) const;
  // Lists, tuples, sets and dicts (key, value, key, value ...): their parts.
  std::span<const Word> items(Word word) const;
  std::string_view text(Word word) const;  // of Text
  Value::Type type(Word word) const;
  Word list(std::span<const Word> items);   // [items]
  Word tuple(std::span<const Word> items);  // (items)
  Word set(std::span<const Word> items);    // {items}, in any order
  Word dict(std::span<const Word> items);   // {key: value ...}, in any order
  Word text_word(std::string_view text);
  Word key(Word word) const;  // stands for all words that are == to it
  bool hashable(Word word) const;
  std::size_t size() const;
  void clear();

 private:
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace conformance
