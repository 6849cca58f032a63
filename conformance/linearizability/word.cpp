// Values stored once each, found again by their canonical spelling, or by their parts where they are
// made of words.
#include "conformance/linearizability/word.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <deque>
#include <unordered_map>

#include "conformance/outcome/value_spelling.h"

namespace conformance {

namespace {

constexpr std::array<std::string_view, 7> kRaised = {
    "raised(KeyError)", "raised(IndexError)", "raised(ValueError)",  "raised(TypeError)",
    "raised(Empty)",    "raised(Full)",       "raised(RuntimeError)"};

struct Stored {
  Value value;
  std::vector<Word> items;
  Word key;
  bool hashable = true;
};

bool small_integer(const std::string& digits, std::int64_t& number) {
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, number);
  return error == std::errc() && at == end && number <= Word::kLargest && number >= -Word::kLargest;
}

}  // namespace

struct WordTable::Contents {
  std::deque<Stored> stored;  // places do not move
  std::unordered_map<std::string, std::uint64_t> places;

  const Stored& at(Word word) const { return stored[word.place()]; }
};

WordTable::WordTable() : contents_(std::make_unique<Contents>()) {}
WordTable::~WordTable() = default;
WordTable::WordTable(WordTable&&) noexcept = default;
WordTable& WordTable::operator=(WordTable&&) noexcept = default;

std::size_t WordTable::size() const { return contents_->stored.size(); }

void WordTable::clear() {
  contents_->stored.clear();
  contents_->places.clear();
}

Word WordTable::word(const Value& value) {
  std::int64_t number = 0;
  switch (value.type) {
    case Value::Type::None:
      return Word::none();
    case Value::Type::Bool:
      return Word::boolean(value.text == "True");
    case Value::Type::Int:
      if (small_integer(value.text, number)) return Word::integer(number);
      break;
    case Value::Type::Call:
      for (std::size_t index = 0; index < kRaised.size() && value.items.empty(); ++index) {
        if (value.text == kRaised[index]) return Word::raised(static_cast<Raised>(index));
      }
      break;
    default:
      break;
  }
  const auto [found, is_new] = contents_->places.try_emplace(to_string(value), size());
  const Word result = Word::stored(found->second);
  if (!is_new) return result;
  contents_->stored.emplace_back();
  Stored& stored = contents_->stored.back();
  stored.value = value;
  stored.key = result;
  Value standing = value;  // what it is == to, spelled as the one that stands for all
  bool differs = false;
  for (std::size_t index = 0; index < value.items.size(); ++index) {
    const Word item = word(value.items[index]);
    stored.items.push_back(item);
    stored.hashable = stored.hashable && hashable(item);
    const Word item_key = key(item);
    if (item_key == item) continue;
    standing.items[index] = this->value(item_key);
    differs = true;
  }
  using enum Value::Type;
  if (value.type == List || value.type == Dict || value.type == Set) stored.hashable = false;
  if (value.type == Call && value.text == "bytearray") stored.hashable = false;
  if (value.type == Call && value.text == "frozenset") stored.hashable = true;
  if (value.type == Float) {
    const double real = std::strtod(value.text.c_str(), nullptr);
    if (std::isfinite(real) && real == std::trunc(real) &&
        std::fabs(real) < static_cast<double>(Word::kLargest)) {
      stored.key = Word::integer(static_cast<std::int64_t>(real));
    }
  } else if (differs) {
    if (standing.type == Set) sort_set(standing);
    if (standing.type == Dict) sort_dict(standing);
    const Word standing_word = word(standing);  // may move nothing: places are stable
    contents_->stored[result.place()].key = standing_word;
  }
  return result;
}

Value WordTable::value(Word word) const {
  switch (word.kind()) {
    case Word::Kind::Integer:
      return {Value::Type::Int, std::to_string(word.number()), {}};
    case Word::Kind::Stored:
      return contents_->at(word).value;
    case Word::Kind::Special:
      break;
  }
  if (word == Word::boolean(true)) return {Value::Type::Bool, "True", {}};
  if (word == Word::boolean(false)) return {Value::Type::Bool, "False", {}};
  if (word.place() >= 16 && word.place() - 16 < kRaised.size()) {
    return {Value::Type::Call, std::string(kRaised[word.place() - 16]), {}};
  }
  if (word == Word::anything()) return {Value::Type::Opaque, "anything", {}};
  return {};
}

Value::Type WordTable::type(Word word) const {
  if (word.is_integer()) return Value::Type::Int;
  if (word.kind() == Word::Kind::Stored) return contents_->at(word).value.type;
  if (word == Word::none()) return Value::Type::None;
  if (word.place() >= 16) return Value::Type::Call;
  return word.place() <= 2 ? Value::Type::Bool : Value::Type::Opaque;
}

std::span<const Word> WordTable::items(Word word) const {
  if (word.kind() != Word::Kind::Stored) return {};
  return contents_->at(word).items;
}

std::string_view WordTable::text(Word word) const {
  if (word.kind() != Word::Kind::Stored) return {};
  return contents_->at(word).value.text;
}

bool WordTable::hashable(Word word) const {
  return word.kind() != Word::Kind::Stored || contents_->at(word).hashable;
}

Word WordTable::key(Word word) const {
  if (word.kind() == Word::Kind::Stored) return contents_->at(word).key;
  if (word == Word::boolean(false)) return Word::integer(0);
  if (word == Word::boolean(true)) return Word::integer(1);
  return word;
}

Word WordTable::list(std::span<const Word> items) {
  Value made{Value::Type::List, {}, {}};
  for (const Word item : items) made.items.push_back(value(item));
  return word(made);
}

Word WordTable::tuple(std::span<const Word> items) {
  Value made{Value::Type::Tuple, {}, {}};
  for (const Word item : items) made.items.push_back(value(item));
  return word(made);
}

Word WordTable::set(std::span<const Word> items) {
  Value made{Value::Type::Set, {}, {}};
  for (const Word item : items) made.items.push_back(value(item));
  sort_set(made);
  return word(made);
}

Word WordTable::dict(std::span<const Word> items) {
  Value made{Value::Type::Dict, {}, {}};
  for (const Word item : items) made.items.push_back(value(item));
  sort_dict(made);
  return word(made);
}

Word WordTable::text_word(std::string_view text) {
  return word(Value{Value::Type::Text, std::string(text), {}});
}

}  // namespace conformance
