// First where each value came from and went, then every pair of operations that overlap.
#include "conformance/linearizability/evidence.h"

#include <algorithm>

#include "conformance/linearizability/list_parts.h"

namespace conformance {

void Evidence::start(const Problem& problem, const WordTable& words,
                     std::span<const Word> initial) {
  problem_ = &problem;
  words_ = &words;
  is_empty_ = true;
  all_takers_are_known_ = nothing_is_replaced_ = all_places_are_named_ = true;
  slots_.assign(64, kNobody);
  lives_.clear();
  edges_.clear();
  const std::size_t count = problem.steps.size();
  written_.assign(count, kNobody);
  seen_.assign(count, kNobody);
  places_.assign(count, {});
  shown_.assign(count, 0);
  hidden_.assign(count, 0);
  for (std::size_t at = 0; at < initial.size(); ++at) {
    write(initial[at], kInitially, static_cast<std::int64_t>(at));
  }
}

void Evidence::make_room() {
  slots_.assign(slots_.size() * 2, kNobody);
  for (std::size_t number = 0; number < lives_.size(); ++number) {
    std::size_t slot =
        mix_lane(words_->key(lives_[number].word).bits(), 0, 0) & (slots_.size() - 1);
    while (slots_[slot] != kNobody) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::int32_t>(number);
  }
}

Evidence::Life* Evidence::find(Word word) {
  const Word key = words_->key(word);
  std::size_t slot = mix_lane(key.bits(), 0, 0) & (slots_.size() - 1);
  for (; slots_[slot] != kNobody; slot = (slot + 1) & (slots_.size() - 1)) {
    Life& life = lives_[index(slots_[slot])];
    if (words_->key(life.word) == key) return &life;
  }
  return nullptr;
}

Evidence::Life& Evidence::find_or_add(Word word) {
  if (Life* found = find(word)) return *found;
  if (2 * (lives_.size() + 1) > slots_.size()) make_room();
  std::size_t slot = mix_lane(words_->key(word).bits(), 0, 0) & (slots_.size() - 1);
  while (slots_[slot] != kNobody) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = static_cast<std::int32_t>(lives_.size());
  Life& made = lives_.emplace_back();
  made.word = word;
  return made;
}

const Evidence::Life* Evidence::once(std::int32_t number) const {
  if (number == kNobody || lives_[index(number)].written != 1) return nullptr;
  return &lives_[index(number)];
}

void Evidence::write(Word word, std::int32_t writer, std::int64_t at) {
  Life& life = find_or_add(word);
  ++life.written;
  life.writer = writer;
  life.at = at;
  if (writer >= 0) written_[index(writer)] = static_cast<std::int32_t>(&life - lives_.data());
}

// With `at`, if it is known.
void Evidence::see(Word word, std::int32_t by, std::int64_t at) {
  Life* life = find(word);
  if (life == nullptr || life->written != 1 || life->word != word) return;
  if (life->at == kSomewhere) life->at = at;
  seen_[index(by)] = static_cast<std::int32_t>(life - lives_.data());
  life->shown = std::max(life->shown, problem_->return_entry[index(by)]);
  if (life->last_seen == kNobody ||
      problem_->call_entry[index(by)] > problem_->call_entry[index(life->last_seen)]) {
    life->last_seen = by;
  }
}

// Of what asks for `word` and is answered by something that is == to it.
void Evidence::see_equal(Word word, std::int32_t by, std::int64_t at) {
  const Life* life = find(word);
  if (life != nullptr) see(life->word, by, at);
}

// `by` is somebody who did not find it.
void Evidence::miss(Word word, std::int32_t by) {
  Life* life = find(word);
  if (life == nullptr || life->writer < 0 || !is_before(life->writer, by)) return;
  if (life->missed == kNobody ||
      problem_->return_entry[index(by)] < problem_->return_entry[index(life->missed)]) {
    life->missed = by;
  }
}

void Evidence::take(Word word, std::int32_t by) {
  see(word, by, kSomewhere);
  Life* life = find(word);
  if (life != nullptr && life->word == word) life->taker = by;
}

// It must take effect, and what it answers is known.
bool Evidence::is_certain(std::int32_t operation) const {
  return problem_->return_entry[index(operation)] != 0 &&
         problem_->steps[index(operation)].result != Word::anything();
}

bool Evidence::is_before(std::int32_t one, std::int32_t other) const {
  const std::int32_t end = problem_->return_entry[index(one)];
  return end != 0 && end < problem_->call_entry[index(other)];
}

std::int64_t Evidence::place_written(std::int32_t write) const {
  const Step& step = problem_->steps[index(write)];
  if (part_of(step) == Part::SetItem) {
    return names_a_place(step.arguments[0]) ? step.arguments[0].number() : kSomewhere;
  }
  const Life* life = once(written_[index(write)]);
  return life == nullptr ? kSomewhere : life->at;
}

void Evidence::order(std::int32_t before, std::int32_t operation, std::int32_t shown) {
  edges_.push_back({before, operation});
  shown_[index(operation)] = std::max(shown_[index(operation)], shown);
}

// The value of `life` is still there when `taker` takes another one. `shown`: where that shows.
bool Evidence::leaves_later(std::int32_t taker, const Life& life, std::int32_t* shown) const {
  if (life.last_seen != kNobody && is_before(taker, life.last_seen)) {
    *shown = problem_->return_entry[index(life.last_seen)];
    return true;
  }
  *shown = static_cast<std::int32_t>(problem_->operation_at.size()) - 2;  // the last there is
  return life.taker == kNobody && all_takers_are_known_ && nothing_is_replaced_;
}

// [stack], where both were appended.
void Evidence::weigh_appends(std::int32_t upper, std::int32_t lower) {
  const Life* above = once(written_[index(upper)]);
  const Life* below = once(written_[index(lower)]);
  if (above == nullptr || below == nullptr || above->taker == kNobody) return;
  std::int32_t shown = 0;
  if (!is_before(lower, above->taker) || !leaves_later(above->taker, *below, &shown)) return;
  order(lower, upper, shown);
}

// [under]
void Evidence::weigh_pop(std::int32_t pop, std::int32_t append) {
  const Life* under = once(seen_[index(pop)]);
  const Life* over = once(written_[index(append)]);
  if (under == nullptr || over == nullptr || under->taker != pop || under->writer == append) return;
  if (under->writer != kInitially && !is_before(under->writer, append)) return;
  if (under->writer >= 0 && part_of(problem_->steps[index(under->writer)]) != Part::Append) return;
  std::int32_t shown = 0;
  if (leaves_later(pop, *over, &shown)) order(pop, append, shown);
}

// [queue]
void Evidence::weigh_puts(std::int32_t first, std::int32_t second) {
  const Life* sooner = once(written_[index(first)]);
  const Life* later = once(written_[index(second)]);
  if (sooner == nullptr || later == nullptr || sooner->taker == kNobody) return;
  std::int32_t shown = 0;
  if (leaves_later(sooner->taker, *later, &shown)) order(first, second, shown);
}

// [last]
void Evidence::weigh_writes(std::int32_t seen, std::int32_t other) {
  const Life* life = once(written_[index(seen)]);
  if (life == nullptr || life->last_seen == kNobody || life->at == kSomewhere) return;
  if (place_written(other) != life->at || !is_certain(other)) return;
  if (is_before(other, life->last_seen)) order(other, seen, life->shown);
}

// [seen]
void Evidence::weigh_read(std::int32_t read, std::int32_t write) {
  const Life* life = once(seen_[index(read)]);
  if (life == nullptr || life->at == kSomewhere || life->writer == write) return;
  if (place_written(write) != life->at || !is_certain(write)) return;
  if (life->writer == kInitially || is_before(life->writer, write)) {
    order(read, write, life->shown);
  }
}

// [unseen]: which appends and writes those are.
void Evidence::hide_unseen(const WordTable& words) {
  std::vector<std::uint64_t> shown;  // values, those that are equal as one
  const auto show = [&](Word word) { shown.push_back(words.key(word).bits()); };
  for (const Step& step : problem_->steps) {
    const Part part = part_of(step);
    if (part == Part::Contains || part == Part::Index || part == Part::Count)
      show(step.arguments[0]);
    if (step.result == Word::anything() || step.result.is_raised()) continue;
    if (part == Part::Pop || part == Part::GetItem) show(step.result);
    if (part != Part::Copy) continue;
    for (const Word item : words.items(step.result)) show(item);
  }
  std::sort(shown.begin(), shown.end());
  tied_.assign(problem_->steps.size(), 0);
  for (std::int32_t operation = 0; operation < problem_->size(); ++operation) {
    const std::int32_t before = problem_->after[index(operation)];
    if (before >= 0) tied_[index(before)] = tied_[index(operation)] = 1;
  }
  for (std::int32_t operation = 0; operation < problem_->size(); ++operation) {
    const Step& step = problem_->steps[index(operation)];
    const Part part = part_of(step);
    if (part != Part::Append && part != Part::SetItem) continue;
    const Word written = step.arguments[part == Part::Append ? 0 : 1];
    hidden_[index(operation)] =
        !std::binary_search(shown.begin(), shown.end(), words.key(written).bits());
  }
}

// [unseen], of two appends; `one` was called first.
void Evidence::weigh_unseen(std::int32_t one, std::int32_t other) {
  if (hidden_[index(one)] == 0 || hidden_[index(other)] == 0) return;
  if (!is_certain(one) || !is_certain(other)) return;
  if (tied_[index(one)] != 0 || tied_[index(other)] != 0) return;
  if (problem_->return_entry[index(one)] > problem_->return_entry[index(other)]) return;
  order(one, other, problem_->return_entry[index(other)]);
}

void Evidence::weigh_pair(std::int32_t one, std::int32_t other) {
  const bool one_writes = written_[index(one)] != kNobody;
  const bool other_writes = written_[index(other)] != kNobody;
  if (one_writes && other_writes) {
    if (part_of(problem_->steps[index(one)]) == Part::Append &&
        part_of(problem_->steps[index(other)]) == Part::Append) {
      weigh_appends(one, other);
      weigh_appends(other, one);
      weigh_unseen(one, other);
    }
    weigh_writes(one, other);
    weigh_writes(other, one);
    return;
  }
  if (!one_writes && !other_writes) return;
  const std::int32_t write = one_writes ? one : other;
  const std::int32_t read = one_writes ? other : one;
  weigh_read(read, write);
  if (part_of(problem_->steps[index(write)]) == Part::Append) weigh_pop(read, write);
}

// Of operations that write or saw a value.
template <class Compare>
void Evidence::compare_overlapping(Compare compare) {
  open_.clear();
  for (const std::int32_t code : problem_->operation_at) {
    if (code == Problem::kNoOperation) continue;
    if (code < 0) {
      std::erase(open_, ~code);
      continue;
    }
    if (written_[index(code)] == kNobody && seen_[index(code)] == kNobody) continue;
    for (const std::int32_t open : open_) compare(open, code);
    open_.push_back(code);
  }
}

void Evidence::finish() {
  const std::size_t count = problem_->steps.size();
  first_.assign(count + 1, 0);
  for (const Edge& edge : edges_) ++first_[index(edge.operation) + 1];
  for (std::size_t number = 0; number < count; ++number) first_[number + 1] += first_[number];
  before_.resize(edges_.size());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (const Edge& edge : edges_) before_[next[index(edge.operation)]++] = edge.before;
  problem_ = nullptr;
  words_ = nullptr;
  is_empty_ = false;
}

void Evidence::weigh_list(const Problem& problem, const WordTable& words,
                          std::span<const Word> initial, bool unseen) {
  start(problem, words, initial);
  for (std::int32_t operation = 0; operation < problem.size(); ++operation) {
    const Step& step = problem.steps[index(operation)];
    const Part part = part_of(step);
    if (part == Part::Moves) return;
    if (part == Part::Append) write(step.arguments[0], operation, kSomewhere);
    if (part == Part::Pop && !is_certain(operation)) all_takers_are_known_ = false;
    if (part != Part::SetItem || step.result.is_raised()) continue;
    nothing_is_replaced_ = false;
    if (names_a_place(step.arguments[0])) {
      write(step.arguments[1], operation, step.arguments[0].number());
    } else {
      all_places_are_named_ = false;
      find_or_add(step.arguments[1]).written += 2;  // nobody knows where
    }
  }
  for (std::int32_t operation = 0; operation < problem.size(); ++operation) {
    const Step& step = problem.steps[index(operation)];
    if (!is_certain(operation) || step.result.is_raised()) continue;
    const Part part = part_of(step);
    if (part == Part::Pop) take(step.result, operation);
    if (part == Part::GetItem && names_a_place(step.arguments[0])) {
      see(step.result, operation, step.arguments[0].number());
    }
    if (part == Part::Index && step.result.is_integer()) {
      see_equal(step.arguments[0], operation, step.result.number());
    }
    if (part == Part::Contains && step.result == Word::boolean(true)) {
      see_equal(step.arguments[0], operation, kSomewhere);
    }
    if (part == Part::Contains && step.result == Word::boolean(false)) {
      miss(step.arguments[0], operation);
    }
    if (part != Part::Copy) continue;
    const std::span<const Word> items = words.items(step.result);
    for (std::size_t at = 0; at < items.size(); ++at) {
      see(items[at], operation, static_cast<std::int64_t>(at));
    }
    seen_[index(operation)] = kNobody;  // more than one
  }
  weigh_places(static_cast<std::int64_t>(initial.size()));
  if (unseen) hide_unseen(words);
  compare_overlapping([this](std::int32_t one, std::int32_t other) { weigh_pair(one, other); });
  finish();
}

void Evidence::weigh_queue(const Problem& problem, const WordTable& words,
                           std::span<const Word> initial) {
  start(problem, words, initial);
  for (std::int32_t operation = 0; operation < problem.size(); ++operation) {
    const Step& step = problem.steps[index(operation)];
    const auto method = static_cast<QueueMethod>(step.method);
    const bool puts = method == QueueMethod::put || method == QueueMethod::put_nowait;
    const bool gets = method == QueueMethod::get || method == QueueMethod::get_nowait;
    if (puts && !step.result.is_raised()) write(step.arguments[0], operation, kSomewhere);
    if (gets && !is_certain(operation)) all_takers_are_known_ = false;
  }
  for (std::int32_t operation = 0; operation < problem.size(); ++operation) {
    const Step& step = problem.steps[index(operation)];
    const auto method = static_cast<QueueMethod>(step.method);
    const bool gets = method == QueueMethod::get || method == QueueMethod::get_nowait;
    if (gets && is_certain(operation) && !step.result.is_raised()) take(step.result, operation);
  }
  compare_overlapping([this](std::int32_t one, std::int32_t other) {
    if (written_[index(one)] == kNobody || written_[index(other)] == kNobody) return;
    weigh_puts(one, other);
    weigh_puts(other, one);
  });
  finish();
}

}  // namespace conformance
