#include <new>
#include <vector>

#include "runtime/base/scenario.h"
#include "runtime/memory/memory_test_support.h"
#include "runtime/memory/object_heap.h"
#include "runtime/threads/scenario_threads.h"

namespace runtime {
namespace {

// Pages are small here (size_class.h): a handful of these blocks fill one.
constexpr std::size_t kSize = kLargestFineBlock;
constexpr std::size_t kOtherSize = kSize - 32;
constexpr std::size_t kBlocksPerPage = (kObjectPageBytes - kPageHeaderBytes) / kSize;

// What an object looks like from here: a header that anybody may look at, and the rest.
struct Cell {
  static constexpr std::uint64_t kHeader = 0x0123'4567'89ab'cdef;
  Atomic<std::uint64_t> header;
  std::uint64_t more_header[3];
  Plain<int> value;
};

Cell* allocate_cell(ThreadState& thread, std::size_t bytes = kSize) {
  void* block = allocate_object(thread, bytes, HeapKind::kPlain);
  if (block == nullptr) return nullptr;
  auto* cell = static_cast<Cell*>(block);
  cell->header.store_relaxed(Cell::kHeader);  // others may look, and find a header either way
  cell->value.set(1);
  return cell;
}

void free_cell(ThreadState& thread, Cell* cell) {
  cell->value.set(2);
  free_object(thread, cell);
}

struct Setting {
  explicit Setting(std::size_t page_bytes_limit = SIZE_MAX)
      : memory(world, MemoryOptions{.page_bytes_limit = page_bytes_limit}) {}

  World world;
  Memory memory;

  // Cells of a page that belongs to `owner`.
  std::vector<Cell*> cells_of(ThreadState* owner, std::size_t count) {
    std::vector<Cell*> cells;
    Attached attached(*owner);
    while (cells.size() < count) cells.push_back(allocate_cell(*owner));
    return cells;
  }
  // What remains lives; everything else came back, and the pages too once it is freed.
  void check_that_only_these_live(const std::vector<Cell*>& cells) {
    RT_CHECK(memory.statistics().objects == cells.size(), "each block is in use or free");
    Puppet last(world);
    last.run([&](ThreadState& thread) {
      for (Cell* cell : cells) free_cell(thread, cell);
      drain_everything(thread);
    });
    MemoryStatistics statistics = memory.statistics();
    RT_CHECK(statistics.objects == 0, "each block was freed once");
    RT_CHECK(statistics.pages_owned + statistics.pages_abandoned + statistics.pages_waiting == 0,
             "pages without objects go to the pool");
  }
};

RT_SCENARIO(remote_free_vs_allocation, "memory/remote_free_vs_allocation",
            "The owner of a page allocates from it while another thread frees into it.") {
  Setting setting;
  ThreadState* owner = setting.world.create_thread();
  ThreadState* other = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(owner, kBlocksPerPage);
  Cell* fresh[2] = {};
  in_parallel({[&] {
                 Attached attached(*owner);
                 for (Cell*& cell : fresh) cell = allocate_cell(*owner);
               },
               [&] {
                 Attached attached(*other);
                 free_cell(*other, cells[0]);
                 free_cell(*other, cells[1]);
               }});
  setting.world.destroy_thread(owner);
  setting.world.destroy_thread(other);
  cells[0] = fresh[0];
  cells[1] = fresh[1];
  setting.check_that_only_these_live(cells);
}

RT_SCENARIO(remote_frees, "memory/remote_frees",
            "Of blocks that two threads free at once into the page of a third none is lost.") {
  Setting setting;
  ThreadState* owner = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(owner, kBlocksPerPage);
  in_parallel_attached(setting.world, {[&](ThreadState& thread) { free_cell(thread, cells[0]); },
                                       [&](ThreadState& thread) { free_cell(thread, cells[1]); }});
  {
    Attached attached(*owner);
    cells[0] = allocate_cell(*owner);
    cells[1] = allocate_cell(*owner);
  }
  RT_CHECK(setting.memory.statistics().pages_owned == 1, "both blocks are used again");
  setting.world.destroy_thread(owner);
  setting.check_that_only_these_live(cells);
}

RT_SCENARIO(remote_and_own_frees, "memory/remote_and_own_frees",
            "The owner frees and allocates while others free into its page.") {
  Setting setting;
  ThreadState* owner = setting.world.create_thread();
  ThreadState* others[2] = {setting.world.create_thread(), setting.world.create_thread()};
  std::vector<Cell*> cells = setting.cells_of(owner, kBlocksPerPage);
  auto free_one = [&](unsigned number) {
    Attached attached(*others[number]);
    free_cell(*others[number], cells[number]);
  };
  in_parallel({[&] {
                 Attached attached(*owner);
                 free_cell(*owner, cells[2]);
                 cells[2] = allocate_cell(*owner);
               },
               [&] { free_one(0); }, [&] { free_one(1); }});
  setting.world.destroy_thread(owner);
  for (ThreadState* other : others) setting.world.destroy_thread(other);
  cells.erase(cells.begin(), cells.begin() + 2);
  setting.check_that_only_these_live(cells);
}

RT_SCENARIO(adoption_vs_remote_free, "memory/adoption_vs_remote_free",
            "A page is adopted while others free into it.") {
  Setting setting;
  ThreadState* gone = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(gone, kBlocksPerPage);
  setting.world.destroy_thread(gone);
  Cell* fresh[2] = {};
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         for (Cell*& cell : fresh) cell = allocate_cell(thread);
                                       },
                                       [&](ThreadState& thread) {
                                         free_cell(thread, cells[0]);
                                         free_cell(thread, cells[1]);
                                       }});
  cells[0] = fresh[0];
  cells[1] = fresh[1];
  setting.check_that_only_these_live(cells);
}

RT_SCENARIO(adoption_vs_adoption, "memory/adoption_vs_adoption",
            "A page that nobody owns is adopted by one thread.") {
  Setting setting;
  ThreadState* gone = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(gone, 2);
  setting.world.destroy_thread(gone);
  Cell* fresh[2] = {};
  in_parallel_attached(setting.world,
                       {[&](ThreadState& thread) { fresh[0] = allocate_cell(thread); },
                        [&](ThreadState& thread) { fresh[1] = allocate_cell(thread); }});
  RT_CHECK(page_of(fresh[0]) != page_of(fresh[1]), "each thread allocates from pages of its own");
  RT_CHECK(setting.memory.statistics().pages_adopted >= 1, "what is there is used first");
  cells.insert(cells.end(), fresh, fresh + 2);
  setting.check_that_only_these_live(cells);
}

RT_SCENARIO(exit_vs_remote_free, "memory/exit_vs_remote_free",
            "A thread exits and leaves its pages while another frees into them and adopts one.") {
  Setting setting;
  ThreadState* leaving = setting.world.create_thread();
  ThreadState* staying = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(leaving, kBlocksPerPage);
  in_parallel({[&] {
                 attach(*leaving);
                 setting.world.destroy_thread(leaving);
               },
               [&] {
                 Attached attached(*staying);
                 free_cell(*staying, cells[0]);
                 cells[0] = allocate_cell(*staying);
               }});
  setting.world.destroy_thread(staying);
  setting.check_that_only_these_live(cells);
}

// A pointer that a reader without a lock loads; what it leads to must be a header for as long as
// the reader has not passed a quiescent point.
struct SharedCell {
  Atomic<Cell*> place;

  void look() {
    Cell* cell = place.load_acquire();
    point("reader.have_pointer");
    if (cell == nullptr) return;
    RT_LAW(Law::kHeadersOutliveReaders, cell->header.load_relaxed() == Cell::kHeader, cell);
  }
};

// A block of another size, if there is memory; no header where that of the shared cell was.
void use_page_for_another_size(ThreadState& thread, std::vector<Cell*>& kept) {
  Cell* cell = allocate_cell(thread, kOtherSize);
  if (cell == nullptr) return;
  std::memset(reinterpret_cast<char*>(cell) + sizeof(Cell), 0x55, kOtherSize - sizeof(Cell));
  kept.push_back(cell);
}

RT_SCENARIO(page_vs_stale_reader, "memory/page_changes_size_vs_stale_reader",
            "An empty page is cut into another size when no stale pointer leads into it.") {
  Setting setting(kObjectPageBytes);  // so that the other size needs that page
  ThreadState* owner = setting.world.create_thread();
  ThreadState* reader = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(owner, 2);
  SharedCell shared;
  shared.place.initialize(cells[1]);
  std::vector<Cell*> kept;
  in_parallel({[&] {
                 Attached attached(*reader);
                 shared.look();
                 quiescent_point(*reader);
                 shared.look();
               },
               [&] {
                 Attached attached(*owner);
                 shared.place.store_release(nullptr);
                 free_cell(*owner, cells[0]);
                 free_cell(*owner, cells[1]);
                 use_page_for_another_size(*owner, kept);  // no: the page has no goal yet
                 quiescent_point(*owner);
                 use_page_for_another_size(*owner, kept);
                 use_page_for_another_size(*owner, kept);
               }});
  setting.world.destroy_thread(owner);
  setting.world.destroy_thread(reader);
  setting.check_that_only_these_live(kept);
}

RT_SCENARIO(block_vs_stale_reader, "memory/block_used_again_vs_stale_reader",
            "A block that is freed and allocated again is a header all the time.") {
  Setting setting;
  ThreadState* owner = setting.world.create_thread();
  ThreadState* reader = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(owner, 1);
  SharedCell shared;
  shared.place.initialize(cells[0]);
  in_parallel({[&] {
                 Attached attached(*reader);
                 shared.look();
               },
               [&] {
                 Attached attached(*owner);
                 shared.place.store_release(nullptr);
                 free_cell(*owner, cells[0]);
                 cells[0] = allocate_cell(*owner);
               }});
  setting.world.destroy_thread(owner);
  setting.world.destroy_thread(reader);
  setting.check_that_only_these_live(cells);
}

RT_SCENARIO(large_vs_stale_reader, "memory/large_object_vs_stale_reader",
            "The mapping of a large object outlives stale pointers to it.") {
  Setting setting;
  ThreadState* owner = setting.world.create_thread();
  ThreadState* reader = setting.world.create_thread();
  SharedCell shared;
  {
    Attached attached(*owner);
    shared.place.initialize(allocate_cell(*owner, 2 * kObjectPageBytes));
  }
  in_parallel({[&] {
                 Attached attached(*reader);
                 shared.look();
                 quiescent_point(*reader);
                 shared.look();
               },
               [&] {
                 Attached attached(*owner);
                 Cell* cell = shared.place.exchange_acq_rel(nullptr);
                 free_cell(*owner, cell);
                 quiescent_point(*owner);  // the mapping gets its goal
                 quiescent_point(*owner);
                 process_deferred(*owner);  // and goes when that is reached
               }});
  setting.world.destroy_thread(owner);
  setting.world.destroy_thread(reader);
  setting.check_that_only_these_live({});
}

RT_SCENARIO(abandoned_vs_stale_reader, "memory/abandoned_page_vs_stale_reader",
            "A page that nobody owns goes to the pool when no stale pointer leads into it.") {
  Setting setting;
  ThreadState* gone = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(gone, 1);
  setting.world.destroy_thread(gone);
  SharedCell shared;
  shared.place.initialize(cells[0]);
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         shared.look();
                                         quiescent_point(thread);
                                       },
                                       [&](ThreadState& thread) {
                                         shared.place.store_release(nullptr);
                                         free_cell(thread, cells[0]);
                                         process_deferred(thread);  // the page gets its goal
                                         quiescent_point(thread);
                                         process_deferred(thread);  // and goes
                                       }});
  setting.check_that_only_these_live({});
}

RT_SCENARIO(walk_vs_allocation, "memory/walk_vs_allocation",
            "In a stopped world the walk finds exactly the blocks in use.") {
  Setting setting;
  ThreadState* owner = setting.world.create_thread();
  ThreadState* walker = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(owner, 3);
  in_parallel({[&] {
                 Attached attached(*owner);
                 free_cell(*owner, cells.back());
                 cells.pop_back();
                 safe_point(*owner);
                 cells.push_back(allocate_cell(*owner));
               },
               [&] {
                 Attached attached(*walker);
                 StoppedWorld stopped(*walker);
                 std::size_t found = 0;
                 setting.memory.for_each_block(HeapKind::kPlain, [&](void*) { ++found; });
                 RT_CHECK(found == cells.size(), "the walk finds what is in use");
                 RT_CHECK(setting.memory.statistics().objects == found, "and so do statistics");
               }});
  setting.world.destroy_thread(owner);
  setting.world.destroy_thread(walker);
  setting.check_that_only_these_live(cells);
}

RT_SCENARIO(drain_vs_remote_free, "memory/drain_vs_remote_free",
            "Draining takes back what others freed, from whichever thread's pages.") {
  Setting setting;
  ThreadState* owner = setting.world.create_thread();
  std::vector<Cell*> cells = setting.cells_of(owner, 2);
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         free_cell(thread, cells[0]);
                                         quiescent_point(thread);
                                         free_cell(thread, cells[1]);
                                       },
                                       [&](ThreadState& thread) { drain_everything(thread); }});
  setting.world.destroy_thread(owner);
  setting.check_that_only_these_live({});
}

}  // namespace
}  // namespace runtime
