// Entries in a ring, and the texts of a key-value store.
#include "conformance/linearizability/models/keyed_states.h"

namespace conformance {

// --- entries

void KeyedEntries::reset(std::size_t keys, bool order_matters) {
  entries_.assign(keys + 1, Entry{});
  replaced_.clear();
  size_ = 0;
  ordered_ = order_matters;
  hash_ = {};
}

void KeyedEntries::toggle(std::int32_t key) {
  const Entry& entry = entries_[slot(key)];
  const auto place = static_cast<std::uint64_t>(key);
  hash_ ^= mix(4 * place, entry.value.bits());
  hash_ ^= mix(4 * place + 1, entry.name.bits());
}

void KeyedEntries::toggle_neighbours(std::int32_t left, std::int32_t right) {
  hash_ ^= mix(4 * static_cast<std::uint64_t>(left + 1) + 2, static_cast<std::uint64_t>(right + 1));
}

void KeyedEntries::link(std::int32_t key) {
  Entry& entry = entries_[slot(key)];
  if (ordered_) {
    toggle_neighbours(entry.previous, entry.next);
    toggle_neighbours(entry.previous, key);
    toggle_neighbours(key, entry.next);
  }
  entries_[slot(entry.previous)].next = key;
  entries_[slot(entry.next)].previous = key;
  entry.there = true;
  ++size_;
  toggle(key);
}

void KeyedEntries::unlink(std::int32_t key) {
  Entry& entry = entries_[slot(key)];
  toggle(key);
  if (ordered_) {
    toggle_neighbours(entry.previous, entry.next);
    toggle_neighbours(entry.previous, key);
    toggle_neighbours(key, entry.next);
  }
  entries_[slot(entry.previous)].next = entry.next;
  entries_[slot(entry.next)].previous = entry.previous;
  entry.there = false;
  --size_;
}

void KeyedEntries::insert(std::int32_t key, Word name, Word value, UndoLog& log) {
  Entry& entry = entries_[slot(key)];
  replaced_.push_back(entry);  // if it was taken out before, undoing that needs its links
  log.push_back({kInserted, key, {}});
  entry.name = name;
  entry.value = value;
  entry.next = end();
  entry.previous = last();
  link(key);
}

void KeyedEntries::assign(std::int32_t key, Word value, UndoLog& log) {
  Entry& entry = entries_[slot(key)];
  log.push_back({kAssigned, key, entry.value});
  toggle(key);
  entry.value = value;
  toggle(key);
}

void KeyedEntries::erase(std::int32_t key, UndoLog& log) {
  unlink(key);
  log.push_back({kErased, key, {}});
}

void KeyedEntries::undo(const UndoEntry& undo) {
  Entry& entry = entries_[slot(undo.place)];
  switch (undo.kind) {
    case kInserted:
      unlink(undo.place);
      entry = replaced_.back();
      replaced_.pop_back();
      break;
    case kAssigned:
      toggle(undo.place);
      entry.value = undo.old;
      toggle(undo.place);
      break;
    default:
      link(undo.place);
      break;
  }
}

// --- dict and set

void DictState::reset(const Setup& setup) {
  words_ = setup.words;
  keys_ = setup.keys;
  entries_.reset(keys_->size(), setup.order_matters);
  UndoLog log;
  const std::span<const Word> pairs = words_->items(setup.initial);
  for (std::size_t at = 0; at + 1 < pairs.size(); at += 2) {
    const std::int32_t key = number(pairs[at]);
    if (key >= 0 && !entries_.has(key)) entries_.insert(key, pairs[at], pairs[at + 1], log);
  }
}

Word DictState::value() const { return words_->dict(words_->items(written())); }

Word DictState::written() const {
  std::vector<Word> flat;
  for (const std::int32_t key : in_order()) {
    flat.push_back(entries_.name(key));
    flat.push_back(entries_.value(key));
  }
  return words_->list(flat);
}

void SetState::reset(const Setup& setup) {
  words_ = setup.words;
  keys_ = setup.keys;
  entries_.reset(keys_->size(), false);
  UndoLog log;
  for (const Word word : words_->items(setup.initial)) {
    const std::int32_t key = number(word);
    if (key >= 0 && !entries_.has(key)) entries_.insert(key, word, Word::none(), log);
  }
}

Word SetState::value() const {
  std::vector<Word> all;
  for (const std::int32_t key : in_order()) all.push_back(entries_.name(key));
  return words_->set(all);
}

// --- kv

void KvState::reset(const Setup& setup) {
  words_ = setup.words;
  keys_ = setup.keys;
  texts_.resize(keys_->size());
  for (Text& text : texts_) {
    text.buffer.clear();
    text.begin = 0;
    text.pieces = 0;
    text.hash = {};
  }
  replaced_.clear();
  hash_ = {};
  const std::span<const Word> pairs = words_->items(setup.initial);
  UndoLog log;
  Step step;
  for (std::size_t at = 0; at + 1 < pairs.size(); at += 2) {
    step.key = keys_->find(words_->key(pairs[at]));
    step.arguments[1] = pairs[at + 1];
    if (step.key >= 0) put(step, log);
  }
}

Effect KvState::append(const Step& step, UndoLog& log) {
  Text& text = texts_[static_cast<std::size_t>(step.key)];
  const std::string_view more = words_->text(step.arguments[1]);
  if (more.empty()) return Effect::Keeps;
  log.push_back({kAppended, step.key, step.arguments[1]});
  text.buffer += more;
  const auto place = (static_cast<std::uint64_t>(step.key) << 32) + ++text.pieces;
  const Hash128 piece = mix(place, step.arguments[1].bits());
  text.hash ^= piece;
  hash_ ^= piece;
  return Effect::Changes;
}

Effect KvState::put(const Step& step, UndoLog& log) {
  Text& text = texts_[static_cast<std::size_t>(step.key)];
  const std::string_view whole = words_->text(step.arguments[1]);
  if (text.current() == whole) return Effect::Keeps;
  log.push_back({kPut, step.key, {}});
  replaced_.push_back({{}, text.begin, text.pieces, text.hash});
  hash_ ^= text.hash;
  text.begin = text.buffer.size();
  text.buffer += whole;
  text.pieces = 0;
  text.hash = {};
  if (!whole.empty()) {
    const auto place = (static_cast<std::uint64_t>(step.key) << 32) + ++text.pieces;
    text.hash = mix(place, step.arguments[1].bits());
  }
  hash_ ^= text.hash;
  return Effect::Changes;
}

void KvState::undo(const UndoEntry& entry) {
  Text& text = texts_[static_cast<std::size_t>(entry.place)];
  hash_ ^= text.hash;
  if (entry.kind == kPut) {
    text.buffer.resize(text.begin);
    text.begin = replaced_.back().begin;
    text.pieces = replaced_.back().pieces;
    text.hash = replaced_.back().hash;
    replaced_.pop_back();
  } else {
    const auto place = (static_cast<std::uint64_t>(entry.place) << 32) + text.pieces--;
    text.hash ^= mix(place, entry.old.bits());
    text.buffer.resize(text.buffer.size() - words_->text(entry.old).size());
  }
  hash_ ^= text.hash;
}

Word KvState::value() const {
  std::vector<Word> flat;
  for (std::size_t number = 0; number < texts_.size(); ++number) {
    if (texts_[number].current().empty()) continue;
    flat.push_back(keys_->word(static_cast<std::int32_t>(number)));
    flat.push_back(words_->text_word(texts_[number].current()));
  }
  return words_->dict(flat);
}

}  // namespace conformance
