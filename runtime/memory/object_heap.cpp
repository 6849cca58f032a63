#include "runtime/memory/object_heap.h"

#include <new>

#include "runtime/base/check.h"
#include "runtime/base/machine_memory.h"
#include "runtime/base/mutants.h"

namespace runtime {

void PageList::push_back(ObjectPage* page) {
  page->previous = last_;
  page->next = nullptr;
  (last_ == nullptr ? first_ : last_->next) = page;
  last_ = page;
}

void PageList::remove(ObjectPage* page) {
  (page->previous == nullptr ? first_ : page->previous->next) = page->next;
  (page->next == nullptr ? last_ : page->next->previous) = page->previous;
  page->previous = page->next = nullptr;
}

ObjectPage* PageList::pop_front() {
  ObjectPage* page = first_;
  if (page != nullptr) remove(page);
  return page;
}

// ---- The part of one thread

ThreadHeap::ThreadHeap(ObjectHeap& shared, QsbrSlot& slot, std::uint32_t serial)
    : shared_(shared), slot_(slot), serial_(serial) {
  for (auto& pages : current_) {
    for (ObjectPage*& page : pages) page = &no_page_;
  }
}

template <class Function>
void ThreadHeap::for_each_class(Function&& fn) {
  for (unsigned kind = 0; kind < kHeapKinds; ++kind) {
    for (unsigned size_class = 0; size_class < kSizeClasses; ++size_class) {
      fn(current_[kind][size_class], pages_[kind][size_class]);
    }
  }
}

void* ThreadHeap::allocate_slow(std::size_t bytes, HeapKind kind) {
  if (bytes > kLargestSmallBlock) return allocate_large(bytes, kind);
  const unsigned size_class = size_class_of(bytes);
  ObjectPage*& current = current_[static_cast<unsigned>(kind)][size_class];
  for (;;) {
    if (void* block = current->pop_free()) return block;
    if (current->take_remote() || current->carve()) continue;
    ObjectPage* page = find_page(kind, size_class);
    if (page == nullptr) return nullptr;
    if (current != &no_page_) {
      // Nothing is free, so something is in use. The next free of ours is an event.
      current->event = current->used.value() - 1;
      current->state.set(PageState::kFull);
      pages_of(*current).full.push_back(current);
    }
    page->event = ObjectPage::kNoEvent;
    page->state.set(PageState::kCurrent);
    current = page;
  }
}

ObjectPage* ThreadHeap::find_page(HeapKind kind, unsigned size_class) {
  ClassPages& pages = pages_[static_cast<unsigned>(kind)][size_class];
  if (ObjectPage* page = pages.available.pop_front()) return page;
  if (ObjectPage* page = pages.empty.pop_front()) {
    --empty_pages_;
    return page;
  }
  if (ObjectPage* page = find_among_full(pages)) return page;
  if (ObjectPage* page = shared_.adopt(kind, size_class, serial_)) return page;
  give_up_idle();
  release_due();
  ObjectPage* page = shared_.take_page(kind, size_class);
  if (page != nullptr) page->owner.store_relaxed(serial_);
  return page;
}

ObjectPage* ThreadHeap::find_among_full(ClassPages& pages) {
  for (unsigned looks = 0; looks < kLooks; ++looks) {
    ObjectPage* page = pages.full.pop_front();
    if (page == nullptr) return nullptr;
    if (page->take_remote()) return page;
    pages.full.push_back(page);
  }
  return nullptr;
}

void ThreadHeap::page_event(ObjectPage* page) {
  ClassPages& pages = pages_of(*page);
  (page->state.value() == PageState::kFull ? pages.full : pages.available).remove(page);
  make_available(page);
  if (empty_pages_ > kEmptyPages) slot_.should_process = true;
}

void ThreadHeap::make_available(ObjectPage* page) {
  if (page->used.value() == 0) return make_empty(page);
  page->event = 0;
  page->state.set(PageState::kAvailable);
  pages_of(*page).available.push_back(page);
}

void ThreadHeap::make_empty(ObjectPage* page) {
  point("page.empty");
  page->event = ObjectPage::kNoEvent;
  // What it had from an earlier time says nothing about who has looked since.
  if (!RT_MUTANT(page_keeps_old_goal)) page->goal = 0;
  page->state.set(PageState::kEmpty);
  pages_of(*page).empty.push_back(page);
  ++empty_pages_;
}

void* ThreadHeap::allocate_large(std::size_t bytes, HeapKind kind) {
  ObjectPage* page = shared_.take_large_page(kind, bytes);
  if (page == nullptr) return nullptr;
  page->carve();
  return page->pop_free();
}

void ThreadHeap::free_elsewhere(ObjectPage* page, void* block) {
  if (page->state.value() == PageState::kLarge) {
    page->push_free(block);
    page->goal = 0;
    page->state.set(PageState::kLargeFreed);
    large_freed_.push_back(page);
    slot_.should_process = true;
    return;
  }
  remote_frees_.add(1);
  point("page.remote_free");
  page->push_remote(block);
}

void ThreadHeap::give_up_idle() {
  for_each_class([this](ObjectPage*& current, ClassPages&) {
    if (current == &no_page_ || current->used.value() != 0) return;
    make_empty(current);
    current = &no_page_;
  });
}

void ThreadHeap::release_due() {
  for_each_class([this](ObjectPage*, ClassPages& pages) { release_due_of(pages.empty); });
  release_due_of(large_freed_);
}

void ThreadHeap::release_due_of(PageList& pages) {
  Qsbr& qsbr = slot_.qsbr;
  Qsbr::Goal new_goal = 0;
  for (ObjectPage* page = pages.first(); page != nullptr;) {
    ObjectPage* next = page->next;
    if (RT_MUTANT(page_changes_size_at_once) || (page->goal != 0 && qsbr.reached(page->goal))) {
      pages.remove(page);
      if (page->state.value() == PageState::kEmpty) --empty_pages_;
      shared_.return_page(page);
    } else if (page->goal == 0) {
      if (new_goal == 0) new_goal = qsbr.advance();
      page->goal = new_goal;
      point("page.qsbr_wait");
    }
    page = next;
  }
}

void ThreadHeap::release_all() {
  for_each_class([this](ObjectPage*& current, ClassPages& pages) {
    if (current != &no_page_) current->take_remote();
    PageList full;
    while (ObjectPage* page = pages.full.pop_front()) {
      if (page->take_remote()) {
        make_available(page);
      } else {
        full.push_back(page);
      }
    }
    pages.full = full;
    PageList available;
    while (ObjectPage* page = pages.available.pop_front()) {
      page->take_remote();
      if (page->used.value() == 0) {
        make_empty(page);
      } else {
        available.push_back(page);
      }
    }
    pages.available = available;
  });
  give_up_idle();
  for_each_class([this](ObjectPage*, ClassPages& pages) {
    while (ObjectPage* page = pages.empty.pop_front()) {
      --empty_pages_;
      shared_.return_page(page);
    }
  });
  while (ObjectPage* page = large_freed_.pop_front()) shared_.return_page(page);
}

void ThreadHeap::abandon() {
  PageList all;
  auto leave = [&all](ObjectPage* page) {
    page->owner.store_relaxed(ObjectPage::kNobody);
    all.push_back(page);
  };
  for_each_class([&](ObjectPage*& current, ClassPages& pages) {
    if (current != &no_page_) leave(current);
    current = &no_page_;
    for (PageList* list : {&pages.available, &pages.full, &pages.empty}) {
      while (ObjectPage* page = list->pop_front()) leave(page);
    }
  });
  empty_pages_ = 0;
  shared_.abandon(all, large_freed_, remote_frees_.value());
}

void* allocate_object_slow(ThreadState& thread, std::size_t bytes, HeapKind kind) {
  return thread.slot(kObjectHeapSlot)->allocate_slow(bytes, kind);
}

// ---- What all threads share

ObjectHeap::ObjectHeap(Qsbr& qsbr, std::size_t page_bytes_limit)
    : qsbr_(qsbr), page_bytes_limit_(page_bytes_limit) {}

ObjectHeap::~ObjectHeap() {
  while (ObjectPage* page = first_page_) {
    unregister_locked(page);
    unmap_pages(page->mapping(), page->mapped_bytes);
  }
}

ObjectPage* ObjectHeap::map_page(std::size_t bytes) {
  {
    RawMutexGuard guard(lock_);
    if (bytes > page_bytes_limit_ - page_bytes_) return nullptr;
    page_bytes_ += bytes;
  }
  void* place = map_pages(bytes, kObjectPageBytes);
  if (place == nullptr) {
    RawMutexGuard guard(lock_);
    page_bytes_ -= bytes;
    return nullptr;
  }
  auto* page = new (page_of(place)) ObjectPage;
  page->mapped_bytes = bytes;
  memory_dead(page->blocks(), page->blocks_bytes());
  RawMutexGuard guard(lock_);
  page->registry_previous = last_page_;
  (last_page_ == nullptr ? first_page_ : last_page_->registry_next) = page;
  last_page_ = page;
  return page;
}

void ObjectHeap::unregister_locked(ObjectPage* page) {
  (page->registry_previous == nullptr ? first_page_ : page->registry_previous->registry_next) =
      page->registry_next;
  (page->registry_next == nullptr ? last_page_ : page->registry_next->registry_previous) =
      page->registry_previous;
  page_bytes_ -= page->mapped_bytes;
}

ObjectPage* ObjectHeap::take_page(HeapKind kind, unsigned size_class) {
  ObjectPage* page = nullptr;
  {
    RawMutexGuard guard(lock_);
    page = pool_.pop_front();
    if (page != nullptr) {
      --pooled_pages_;
      page->format(kind, size_class, block_bytes_of(size_class));
      page->state.set(PageState::kCurrent);
      return page;
    }
  }
  page = map_page(kObjectPageBytes);
  if (page == nullptr) return nullptr;
  RawMutexGuard guard(lock_);
  page->format(kind, size_class, block_bytes_of(size_class));
  page->state.set(PageState::kCurrent);
  return page;
}

ObjectPage* ObjectHeap::take_large_page(HeapKind kind, std::size_t bytes) {
  constexpr std::size_t kSystemPage = 4096;
  if (bytes > SIZE_MAX / 2) return nullptr;
  std::size_t mapped = (bytes + kPageHeaderBytes + kSystemPage - 1) & ~(kSystemPage - 1);
  ObjectPage* page = map_page(mapped);
  if (page == nullptr) return nullptr;
  RawMutexGuard guard(lock_);
  page->format(kind, 0, page->blocks_bytes());
  page->state.set(PageState::kLarge);
  return page;
}

bool ObjectHeap::retire_locked(ObjectPage* page) {
  ++pages_recycled_;
  if (page->state.value() != PageState::kLargeFreed && pooled_pages_ < kPooledPages) {
    // Blocks that others gave back last were never taken over.
    page->used.set(0);
    page->remote.store_relaxed(0);
    page->owner.store_relaxed(ObjectPage::kNobody);
    page->state.set(PageState::kPooled);
    memory_dead(page->blocks(), page->blocks_bytes());
    pool_.push_back(page);
    ++pooled_pages_;
    return false;
  }
  unregister_locked(page);
  return true;
}

void ObjectHeap::return_page(ObjectPage* page) {
  bool unmap = false;
  {
    RawMutexGuard guard(lock_);
    unmap = retire_locked(page);
  }
  if (unmap) unmap_pages(page->mapping(), page->mapped_bytes);
}

void ObjectHeap::abandon(PageList& pages, PageList& large_freed, std::uint64_t remote_frees) {
  RawMutexGuard guard(lock_);
  unsigned count = 0;
  while (ObjectPage* page = pages.pop_front()) {
    page->state.set(PageState::kAbandoned);
    page->goal = 0;
    abandoned_[static_cast<unsigned>(page->kind) * kSizeClasses + page->size_class].push_back(page);
    ++count;
  }
  while (ObjectPage* page = large_freed.pop_front()) {
    large_freed_.push_back(page);
    ++count;
  }
  abandoned_pages_.fetch_add_relaxed(count);
  remote_frees_of_exited_ += remote_frees;
}

ObjectPage* ObjectHeap::adopt(HeapKind kind, unsigned size_class, std::uint32_t serial) {
  if (abandoned_pages_.load_relaxed() == 0) return nullptr;
  RawMutexGuard guard(lock_);
  PageList& pages = abandoned_[static_cast<unsigned>(kind) * kSizeClasses + size_class];
  for (unsigned looks = 0; looks < kLooks; ++looks) {
    ObjectPage* page = pages.pop_front();
    if (page == nullptr) return nullptr;
    if (!page->has_free_blocks()) {
      pages.push_back(page);
      continue;
    }
    point("page.adopt");
    abandoned_pages_.fetch_sub_relaxed(1);
    ++pages_adopted_;
    page->owner.store_relaxed(serial);
    page->state.set(PageState::kCurrent);
    if (RT_MUTANT(adoption_forgets_remote)) page->remote.store_relaxed(0);
    return page;
  }
  return nullptr;
}

bool ObjectHeap::is_due_locked(ObjectPage* page) {
  if (page->goal != 0) return qsbr_.reached(page->goal);
  if (page->state.value() == PageState::kLargeFreed || page->is_unused()) {
    page->goal = qsbr_.advance();
  }
  return false;
}

void ObjectHeap::release_abandoned_due() {
  if (abandoned_pages_.load_relaxed() == 0) return;
  PageList unmapped;
  {
    RawMutexGuard guard(lock_);
    unsigned count = 0;
    for (unsigned lists = 0, looks = 0; lists <= kHeapKinds * kSizeClasses && looks < kLooks;
         ++lists) {
      PageList& pages =
          next_look_ == kHeapKinds * kSizeClasses ? large_freed_ : abandoned_[next_look_];
      PageList kept;
      while (ObjectPage* page = pages.pop_front()) {
        ++looks;
        if (!is_due_locked(page)) {
          kept.push_back(page);
          continue;
        }
        ++count;
        if (retire_locked(page)) unmapped.push_back(page);
      }
      pages = kept;
      next_look_ = (next_look_ + 1) % (kHeapKinds * kSizeClasses + 1);
    }
    abandoned_pages_.fetch_sub_relaxed(count);
  }
  while (ObjectPage* page = unmapped.pop_front()) unmap_pages(page->mapping(), page->mapped_bytes);
}

void ObjectHeap::release_abandoned_all() {
  PageList unmapped;
  {
    RawMutexGuard guard(lock_);
    unsigned count = 0;
    for (PageList& pages : abandoned_) {
      PageList kept;
      while (ObjectPage* page = pages.pop_front()) {
        if (!page->is_unused()) {
          kept.push_back(page);
          continue;
        }
        ++count;
        if (retire_locked(page)) unmapped.push_back(page);
      }
      pages = kept;
    }
    while (ObjectPage* page = large_freed_.pop_front()) {
      ++count;
      if (retire_locked(page)) unmapped.push_back(page);
    }
    abandoned_pages_.fetch_sub_relaxed(count);
  }
  while (ObjectPage* page = unmapped.pop_front()) unmap_pages(page->mapping(), page->mapped_bytes);
}

void ObjectHeap::for_each_block(HeapKind kind, void (*fn)(void* context, void* block),
                                void* context) {
  constexpr std::size_t kMostBlocks = kObjectPageBytes / kSmallestBlock;
  RawMutexGuard guard(lock_);
  for (ObjectPage* page = first_page_; page != nullptr; page = page->registry_next) {
    if (page->kind != kind || page->blocks_in_use() == 0) continue;
    bool is_free[kMostBlocks] = {};
    page->for_each_free_block([&](std::uint32_t index) { is_free[index] = true; });
    for (std::uint32_t index = 0; index < page->carved; ++index) {
      if (!is_free[index]) fn(context, page->block_at(index));
    }
  }
}

void ObjectHeap::add_to(MemoryStatistics& statistics) {
  RawMutexGuard guard(lock_);
  for (ObjectPage* page = first_page_; page != nullptr; page = page->registry_next) {
    switch (page->state.value()) {
      case PageState::kPooled:
        ++statistics.pages_pooled;
        break;
      case PageState::kEmpty:
      case PageState::kLargeFreed:
        ++statistics.pages_waiting;
        break;
      case PageState::kAbandoned:
        ++statistics.pages_abandoned;
        break;
      case PageState::kCurrent:
      case PageState::kAvailable:
      case PageState::kFull:
      case PageState::kLarge:
        ++statistics.pages_owned;
        break;
    }
    statistics.objects += page->blocks_in_use();
    statistics.object_bytes += page->blocks_in_use() * page->block_bytes;
  }
  statistics.page_bytes += page_bytes_;
  statistics.remote_frees += remote_frees_of_exited_;
  statistics.pages_adopted += pages_adopted_;
  statistics.pages_recycled += pages_recycled_;
}

}  // namespace runtime
