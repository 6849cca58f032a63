// dict, set and kv: states by the number of a key (step.h, KeyNumbers).
//
// An entry is found by indexing. The order of insertion, which popitem and the views of a dict show, is
// a ring of links through the keys; an entry that is taken out keeps its own links, so that undoing puts
// it back where it was (Knuth's dancing links, 2000). The order enters the hash as the set of
// neighbours, and only where some method of the history shows it.
//
// https://docs.python.org/3/library/stdtypes.html#mapping-types-dict and #set-types-set-frozenset;
// set.pop may take any element.
#pragma once

#include <string>

#include "conformance/linearizability/models/method_codes.h"
#include "conformance/linearizability/step.h"

namespace conformance {

// Keys in order of insertion, each with a value.
class KeyedEntries {
 public:
  void reset(std::size_t keys, bool order_matters);

  bool has(std::int32_t key) const { return entries_[slot(key)].there; }
  Word value(std::int32_t key) const { return entries_[slot(key)].value; }
  Word name(std::int32_t key) const { return entries_[slot(key)].name; }  // as first inserted
  std::int64_t size() const { return size_; }
  std::int32_t first() const { return entries_.front().next; }  // end(): none
  std::int32_t last() const { return entries_.front().previous; }
  std::int32_t after(std::int32_t key) const { return entries_[slot(key)].next; }
  static constexpr std::int32_t end() { return -1; }
  Hash128 hash() const { return hash_; }

  void insert(std::int32_t key, Word name, Word value, UndoLog& log);
  void assign(std::int32_t key, Word value, UndoLog& log);
  void erase(std::int32_t key, UndoLog& log);
  void undo(const UndoEntry& entry);

 private:
  enum : std::uint32_t { kInserted, kAssigned, kErased };
  struct Entry {
    Word value, name;
    std::int32_t next = -1, previous = -1;  // keys; -1 is the ring's fixed point, entries_[0]
    bool there = false;
  };
  static std::size_t slot(std::int32_t key) { return static_cast<std::size_t>(key + 1); }
  void toggle(std::int32_t key);
  void toggle_neighbours(std::int32_t left, std::int32_t right);
  void link(std::int32_t key);
  void unlink(std::int32_t key);

  std::vector<Entry> entries_;
  std::vector<Entry> replaced_;  // what insertions put aside
  std::int64_t size_ = 0;
  bool ordered_ = true;
  Hash128 hash_;
};

class KeyedState {
 public:
  void undo(const UndoEntry& entry) { entries_.undo(entry); }
  Hash128 hash() const { return entries_.hash(); }

 protected:
  std::int32_t number(Word word) const { return keys_->find(words_->key(word)); }
  template <class Answer>
  static Effect keeps(Answer& answer, Word word) {
    return answer.is(word) ? Effect::Keeps : Effect::Unfit;
  }
  template <class Answer>
  static Effect raises(Answer& answer, Raised exception) {
    return keeps(answer, Word::raised(exception));
  }
  template <class Answer>
  Effect put(std::int32_t key, Word name, Word value, Word result, Answer& answer, UndoLog& log) {
    if (!answer.is(result)) return Effect::Unfit;
    if (!entries_.has(key)) {
      entries_.insert(key, name, value, log);
    } else if (entries_.value(key) != value) {
      entries_.assign(key, value, log);
    } else {
      return Effect::Keeps;
    }
    return Effect::Changes;
  }
  template <class Answer>
  Effect take(std::int32_t key, Word result, Answer& answer, UndoLog& log) {
    if (!answer.is(result)) return Effect::Unfit;
    entries_.erase(key, log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect clear(Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    if (entries_.size() == 0) return Effect::Keeps;
    while (entries_.size() > 0) entries_.erase(entries_.last(), log);
    return Effect::Changes;
  }
  std::vector<std::int32_t> in_order() const {
    std::vector<std::int32_t> all;
    for (std::int32_t key = entries_.first(); key != KeyedEntries::end();
         key = entries_.after(key)) {
      all.push_back(key);
    }
    return all;
  }

  WordTable* words_ = nullptr;
  const KeyNumbers* keys_ = nullptr;
  KeyedEntries entries_;
};

class DictState : public KeyedState {
 public:
  static constexpr bool kChooses = false;
  static constexpr bool kGrows = false;
  static constexpr bool kHasPlaces = false;

  void reset(const Setup& setup);
  Word value() const;
  Word written() const;  // key, value, key, value ... as a list, which reset() understands

  template <class Answer>
  Effect step(const Step& step, int, Answer& answer, UndoLog& log) {
    const Word first = step.arguments[0], second = step.arguments[1];
    const Word otherwise = second == Word::absent() ? Word::none() : second;
    const std::int32_t key = step.key;
    const bool there = key >= 0 && entries_.has(key);
    switch (static_cast<DictMethod>(step.method)) {
      case DictMethod::get:
        return keeps(answer, there ? entries_.value(key) : otherwise);
      case DictMethod::getitem:
        return there ? keeps(answer, entries_.value(key)) : raises(answer, Raised::KeyError);
      case DictMethod::setitem:
        return put(key, first, second, Word::none(), answer, log);
      case DictMethod::delitem:
        return there ? take(key, Word::none(), answer, log) : raises(answer, Raised::KeyError);
      case DictMethod::pop:
        if (there) return take(key, entries_.value(key), answer, log);
        return second == Word::absent() ? raises(answer, Raised::KeyError) : keeps(answer, second);
      case DictMethod::setdefault:
        return there ? keeps(answer, entries_.value(key))
                     : put(key, first, otherwise, otherwise, answer, log);
      case DictMethod::contains:
        return keeps(answer, Word::boolean(there));
      case DictMethod::popitem:
        return popitem(answer, log);
      case DictMethod::len:
        return keeps(answer, Word::integer(entries_.size()));
      case DictMethod::clear:
        return clear(answer, log);
      case DictMethod::update:
        return update(words_->items(first), answer, log);
      case DictMethod::keys:
      case DictMethod::values:
      case DictMethod::items:
      case DictMethod::copy:
        return view(static_cast<DictMethod>(step.method), answer);
    }
    return Effect::Unfit;
  }

 private:
  template <class Answer>
  Effect popitem(Answer& answer, UndoLog& log) {
    const std::int32_t key = entries_.last();
    if (key == KeyedEntries::end()) return raises(answer, Raised::KeyError);
    if (!answer.is_pair(entries_.name(key), entries_.value(key))) return Effect::Unfit;
    entries_.erase(key, log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect update(std::span<const Word> pairs, Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    Effect effect = Effect::Keeps;
    for (std::size_t at = 0; at + 1 < pairs.size(); at += 2) {
      if (put(number(pairs[at]), pairs[at], pairs[at + 1], Word::none(), answer, log) ==
          Effect::Changes) {
        effect = Effect::Changes;
      }
    }
    return effect;
  }
  template <class Answer>
  Effect view(DictMethod method, Answer& answer) {
    const std::vector<std::int32_t> all = in_order();
    const auto name = [&](std::size_t at) { return entries_.name(all[at]); };
    const auto value = [&](std::size_t at) { return entries_.value(all[at]); };
    const auto pair = [&](std::size_t at) { return std::pair(name(at), value(at)); };
    const auto flat = [&](std::size_t at) { return at % 2 == 0 ? name(at / 2) : value(at / 2); };
    const auto has = [&](Word key_word, Word wanted) {
      const std::int32_t key = number(key_word);
      return key >= 0 && entries_.has(key) && entries_.name(key) == key_word &&
             entries_.value(key) == wanted;
    };
    const bool fits = method == DictMethod::keys     ? answer.is_list(all.size(), name)
                      : method == DictMethod::values ? answer.is_list(all.size(), value)
                      : method == DictMethod::items  ? answer.is_list_of_pairs(all.size(), pair)
                                                     : answer.is_dict(all.size(), flat, has);
    return fits ? Effect::Keeps : Effect::Unfit;
  }
};

class SetState : public KeyedState {
 public:
  static constexpr bool kChooses = true;
  static constexpr bool kGrows = false;
  static constexpr bool kHasPlaces = false;

  void reset(const Setup& setup);
  Word value() const;
  Word written() const { return value(); }
  // In how many ways may this step go?
  int choices(const Step& step) const {
    const bool pop = static_cast<SetMethod>(step.method) == SetMethod::pop;
    return pop && entries_.size() > 1 ? static_cast<int>(entries_.size()) : 1;
  }

  template <class Answer>
  Effect step(const Step& step, int choice, Answer& answer, UndoLog& log) {
    const Word first = step.arguments[0];
    const std::int32_t key = step.key;
    const bool there = key >= 0 && entries_.has(key);
    switch (static_cast<SetMethod>(step.method)) {
      case SetMethod::add:
        return there ? keeps(answer, Word::none())
                     : put(key, first, Word::none(), Word::none(), answer, log);
      case SetMethod::discard:
        return there ? take(key, Word::none(), answer, log) : keeps(answer, Word::none());
      case SetMethod::remove:
        return there ? take(key, Word::none(), answer, log) : raises(answer, Raised::KeyError);
      case SetMethod::contains:
        return keeps(answer, Word::boolean(there));
      case SetMethod::pop:
        return pop(choice, answer, log);
      case SetMethod::len:
        return keeps(answer, Word::integer(entries_.size()));
      case SetMethod::clear:
        return clear(answer, log);
      case SetMethod::update:
        return change_all(words_->items(first), true, answer, log);
      case SetMethod::difference_update:
        return change_all(words_->items(first), false, answer, log);
      case SetMethod::copy:
        return copy(answer);
    }
    return Effect::Unfit;
  }

 private:
  template <class Answer>
  Effect pop(int choice, Answer& answer, UndoLog& log) {
    if (entries_.size() == 0) return raises(answer, Raised::KeyError);
    std::int32_t key = entries_.first();
    if (answer.known()) {  // what came back says which
      if (choice > 0) return Effect::Unfit;
      key = number(answer.recorded());
      if (key < 0 || !entries_.has(key)) return Effect::Unfit;
    } else {
      while (choice-- > 0) key = entries_.after(key);
    }
    return take(key, entries_.name(key), answer, log);
  }
  template <class Answer>
  Effect change_all(std::span<const Word> all, bool in, Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    Effect effect = Effect::Keeps;
    for (const Word word : all) {
      const std::int32_t key = number(word);
      if (key < 0 || entries_.has(key) == in) continue;
      in ? entries_.insert(key, word, Word::none(), log) : entries_.erase(key, log);
      effect = Effect::Changes;
    }
    return effect;
  }
  template <class Answer>
  Effect copy(Answer& answer) {
    const std::vector<std::int32_t> all = in_order();
    const auto at = [&](std::size_t index) { return entries_.name(all[index]); };
    const auto has = [&](Word word) {
      const std::int32_t key = number(word);
      return key >= 0 && entries_.has(key) && entries_.name(key) == word;
    };
    return answer.is_set(all.size(), at, has) ? Effect::Keeps : Effect::Unfit;
  }
};

// The text of a key lies in one buffer behind those that it replaced, so that neither put nor append
// nor undoing either copies what is there.
class KvState {
 public:
  static constexpr bool kChooses = false;
  static constexpr bool kGrows = true;  // between puts
  static constexpr bool kHasPlaces = false;
  static bool shows(const Step& step) {
    return static_cast<KvMethod>(step.method) == KvMethod::get;
  }
  static bool overwrites(const Step& step) {
    return static_cast<KvMethod>(step.method) == KvMethod::put;
  }
  // Is the key's text a beginning of what this read showed?
  bool may_become(const Step& read) const {
    return words_->text(read.result)
        .starts_with(texts_[static_cast<std::size_t>(read.key)].current());
  }

  void reset(const Setup& setup);
  Hash128 hash() const { return hash_; }
  Word value() const;
  Word written() const { return value(); }
  void undo(const UndoEntry& entry);

  template <class Answer>
  Effect step(const Step& step, int, Answer& answer, UndoLog& log) {
    Text& text = texts_[static_cast<std::size_t>(step.key)];
    switch (static_cast<KvMethod>(step.method)) {
      case KvMethod::get:
        return answer.is_text(text.current()) ? Effect::Keeps : Effect::Unfit;
      case KvMethod::put:
        if (!answer.is(Word::none())) return Effect::Unfit;
        return put(step, log);
      case KvMethod::append:
        if (!answer.is(Word::none())) return Effect::Unfit;
        return append(step, log);
    }
    return Effect::Unfit;
  }

 private:
  enum : std::uint32_t { kPut, kAppended };
  struct Text {
    std::string buffer;
    std::size_t begin = 0;     // of the current text
    std::uint64_t pieces = 0;  // put together since the last put
    Hash128 hash;              // of the pieces in order
    std::string_view current() const { return std::string_view(buffer).substr(begin); }
  };
  Effect put(const Step& step, UndoLog& log);
  Effect append(const Step& step, UndoLog& log);

  WordTable* words_ = nullptr;
  const KeyNumbers* keys_ = nullptr;
  std::vector<Text> texts_;
  std::vector<Text> replaced_;  // what puts pushed aside: begin, pieces and hash
  Hash128 hash_;
};

}  // namespace conformance
