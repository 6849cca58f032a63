// [place], [kept], [lost]: where appends may have put their values.
//
// The operations that had returned, and those that overlap, bound the size that an append may have
// found; what others saw at those places strikes some of them out.
#include <algorithm>
#include <bit>

#include "conformance/linearizability/evidence.h"
#include "conformance/linearizability/list_parts.h"

namespace conformance {

// The sizes that each append may have found, if they are at most 64.
void Evidence::bound_places(std::int64_t initial_size) {
  std::int64_t appends_called = 0, appends_returned = 0, pops_called = 0, pops_returned = 0;
  for (const std::int32_t code : problem_->operation_at) {
    if (code == Problem::kNoOperation) continue;
    const std::int32_t operation = code < 0 ? ~code : code;
    const Step& step = problem_->steps[index(operation)];
    const Part part = part_of(step);
    if (part == Part::Pop && !step.result.is_raised()) {
      if (code >= 0) ++pops_called;
      if (code < 0 && step.result != Word::anything()) ++pops_returned;
    }
    if (part != Part::Append) continue;
    Places& places = places_[index(operation)];
    if (code >= 0) {
      ++appends_called;
      places.low = initial_size + appends_returned;
      places.high = initial_size - 1 - pops_returned;
      continue;
    }
    ++appends_returned;
    places.low = std::max<std::int64_t>(places.low - pops_called, 0);
    places.high += appends_called;
    if (places.high < places.low || places.high - places.low >= 64) continue;
    places.known = true;
    places.mask = ~std::uint64_t{0} >> (63 - (places.high - places.low));
  }
}

void Evidence::collect_looks() {
  looks_.clear();
  for (std::int32_t operation = 0; operation < problem_->size(); ++operation) {
    const Step& step = problem_->steps[index(operation)];
    const Part part = part_of(step);
    if ((part != Part::GetItem && part != Part::SetItem) || step.result.is_raised()) continue;
    if (!names_a_place(step.arguments[0])) continue;
    const bool replaces = part == Part::SetItem;
    if (!replaces && !is_certain(operation)) continue;
    looks_.push_back({step.arguments[0].number(), operation, replaces});
  }
  std::sort(looks_.begin(), looks_.end(), [this](const Look& left, const Look& right) {
    if (left.place != right.place) return left.place < right.place;
    return problem_->call_entry[index(left.operation)] <
           problem_->call_entry[index(right.operation)];
  });
}

// In order of their calls.
std::span<const Evidence::Look> Evidence::looks_at(std::int64_t place) const {
  const auto by_place = [](const Look& look) { return look.place; };
  const auto range = std::ranges::equal_range(looks_, place, {}, by_place);
  return {range.begin(), range.end()};
}

// The one that stood there at some moment behind the entry, if one is known. As values follow each other
// at a place, it is looked for among the ends of their stays.
const Evidence::Occupant* Evidence::occupant(std::int64_t place, std::int32_t after) const {
  const auto range = std::ranges::equal_range(occupants_, place, {}, &Occupant::place);
  const auto found =
      std::ranges::partition_point(range, [&](const Occupant& one) { return one.to <= after; });
  return found == range.end() ? nullptr : &*found;
}

// Between the write of the value and the last who showed it, somebody looked at the place or replaced
// what was there (who saw the value itself has told the place), or another value stood there. The
// entry where that is shown, or 0.
std::int32_t Evidence::kept_elsewhere(const Life& life, std::int64_t place) const {
  if (life.last_seen == kNobody) return 0;
  const std::int32_t from = problem_->return_entry[index(life.writer)];
  const std::int32_t to = problem_->call_entry[index(life.last_seen)];
  const Occupant* other = occupant(place, from);
  if (other != nullptr && other->from < to) return std::max(life.shown, other->shown);
  const auto call = [this](const Look& look) {
    return problem_->call_entry[index(look.operation)];
  };
  const std::span<const Look> looks = looks_at(place);
  for (auto look = std::ranges::upper_bound(looks, from, {}, call); look != looks.end(); ++look) {
    if (call(*look) > to) return 0;
    if (is_certain(look->operation) && problem_->return_entry[index(look->operation)] < to) {
      return life.shown;
    }
  }
  return 0;
}

// Nobody replaced what was there after the value was last shown and before it was missed, or before another
// value that stood there later. The entry where that is shown, or 0.
std::int32_t Evidence::lost_elsewhere(const Life& life, std::int64_t place) const {
  const std::int32_t last = life.last_seen == kNobody ? life.writer : life.last_seen;
  const std::int32_t from = problem_->call_entry[index(last)];
  std::int32_t to = problem_->return_entry[index(life.missed)];
  std::int32_t shown = to;
  const Occupant* other = occupant(place, problem_->return_entry[index(life.writer)]);
  if (other != nullptr && other->from < to) {
    to = other->from;
    shown = std::max(shown, other->shown);
  }
  const bool was_replaced = std::ranges::any_of(looks_at(place), [&](const Look& look) {
    const std::int32_t end = problem_->return_entry[index(look.operation)];
    return look.replaces && problem_->call_entry[index(look.operation)] < to &&
           (end == 0 || end > from);
  });
  return was_replaced ? 0 : shown;
}

// Its place is known.
void Evidence::place_life(Life& life) {
  life.shown = std::max(life.shown, shown_[index(life.writer)]);
  places_[index(life.writer)] = {life.at, life.at, 1, true};
  shown_[index(life.writer)] = life.shown;
  if (!is_certain(life.writer) || life.last_seen == kNobody) return;
  const std::int32_t from = problem_->return_entry[index(life.writer)];
  const std::int32_t to = problem_->call_entry[index(life.last_seen)];
  if (from < to) occupants_.push_back({life.at, from, to, life.shown});
}

void Evidence::strike_places(Life& life) {
  Places& places = places_[index(life.writer)];
  if (!places.known || !is_certain(life.writer)) return;
  std::int32_t& shown = shown_[index(life.writer)];
  const bool was_lost = life.missed != kNobody && life.taker == kNobody && all_takers_are_known_ &&
                        all_places_are_named_;
  for (std::int64_t place = places.low; place <= places.high; ++place) {
    const std::uint64_t bit = std::uint64_t{1} << (place - places.low);
    if ((places.mask & bit) == 0) continue;
    std::int32_t entry = kept_elsewhere(life, place);
    if (entry == 0 && was_lost) entry = lost_elsewhere(life, place);
    if (entry == 0) continue;
    places.mask &= ~bit;
    shown = std::max(shown, entry);
  }
  if (std::has_single_bit(places.mask)) life.at = places.low + std::countr_zero(places.mask);
}

void Evidence::weigh_places(std::int64_t initial_size) {
  bound_places(initial_size);
  collect_looks();
  occupants_.clear();
  std::vector<Life*> unplaced;
  for (Life& life : lives_) {
    if (life.written != 1 || life.writer < 0) continue;
    if (part_of(problem_->steps[index(life.writer)]) == Part::Append) unplaced.push_back(&life);
  }
  // Each that finds its place may tell others theirs.
  do {
    const auto placed =
        std::ranges::partition(unplaced, [](Life* life) { return life->at == kSomewhere; });
    for (Life* life : placed) place_life(*life);
    unplaced.erase(placed.begin(), placed.end());
    std::ranges::sort(occupants_, [](const Occupant& left, const Occupant& right) {
      return left.place != right.place ? left.place < right.place : left.from < right.from;
    });
    for (Life* life : unplaced) strike_places(*life);
  } while (std::ranges::any_of(unplaced, [](Life* life) { return life->at != kSomewhere; }));
}

}  // namespace conformance
