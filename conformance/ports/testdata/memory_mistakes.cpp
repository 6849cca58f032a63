// What AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer say. Recorded with record.sh.
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#define NOINLINE __attribute__((noinline))

static int* volatile block;

NOINLINE void drop_block() { free(block); }
NOINLINE int read_block() { return *block; }
NOINLINE void read_beyond() { printf("%d\n", block[4]); }
NOINLINE void forget_block() {
  block = static_cast<int*>(malloc(70));
  block = nullptr;
}
NOINLINE void forget_other() {
  block = static_cast<int*>(malloc(30));
  block = nullptr;
}
NOINLINE int add_one(int number) { return number + 1; }
NOINLINE int shift(int number) { return 1 << number; }
NOINLINE long misaligned(char* at) { return *reinterpret_cast<long*>(at); }
NOINLINE void follow(int* volatile at) { *at = 1; }

int main(int, char** arguments) {
  const char* which = arguments[1];
  block = static_cast<int*>(malloc(4 * sizeof(int)));
  if (!strcmp(which, "use_after_free")) {
    drop_block();
    return read_block() & 1;
  }
  if (!strcmp(which, "double_free")) {
    drop_block();
    drop_block();
  }
  if (!strcmp(which, "overflow")) read_beyond();
  if (!strcmp(which, "null_pointer")) follow(nullptr);
  drop_block();
  block = nullptr;
  if (!strcmp(which, "leak")) {
    forget_block();
    forget_other();
  }
  if (!strcmp(which, "undefined")) {
    char bytes[32] = {};
    printf("%d %d %ld\n", add_one(INT_MAX), shift(40), misaligned(bytes + 1));
  }
}
