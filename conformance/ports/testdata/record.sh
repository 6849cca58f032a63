#!/bin/sh
# Records what the sanitizers of clang say about the programs beside this file, as *.log. Names of directories are cut off.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler=${CXX:-clang++-19}

build() {  # name, source, flags...
  name=$1 source=$2
  shift 2
  "$compiler" -g -O1 -fno-omit-frame-pointer -fno-optimize-sibling-calls "$@" "$source" -o "$work/$name" -pthread
}
record() {  # log, program, argument
  "$work/$2" "$3" 2>"$work/log" >/dev/null || true
  sed "s|$work|/tmp/build|g; s|$PWD|/tmp/source|g" "$work/log" >"$1.log"
}

build races thread_races.cpp -fsanitize=thread
build addresses memory_mistakes.cpp -fsanitize=address
build undefined memory_mistakes.cpp -fsanitize=undefined
for which in read_after_write write_after_read write_after_write atomic_write_after_read write_after_atomic_write \
  write_after_atomic_read copy_and_clear use_after_free race_with_free lock_order two_races; do
  record "thread_$which" races "$which"
done
for which in use_after_free double_free overflow leak null_pointer; do
  record "address_$which" addresses "$which"
done
record undefined undefined undefined
UBSAN_OPTIONS=print_stacktrace=1 record undefined_with_stacks undefined undefined
