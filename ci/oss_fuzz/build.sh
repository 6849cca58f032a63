#!/bin/bash -eu
# The OSS-Fuzz contract (https://google.github.io/oss-fuzz/getting-started/new-project-guide/): CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE OUT SRC WORK.
#
# Puts into $OUT each target with its seed corpus, dictionary and options. Everything but the C library is linked statically, for the image
# that runs the targets has no packages. Libraries whose sources lie in $SRC (Dockerfile) are built with $CXXFLAGS, as C++ libraries of
# another standard library would not fit; what is not there is taken from the system's static libraries.
#   HEDDLE_OSS_FUZZ_TARGETS   the targets, if not all
project=$(cd "$(dirname "$0")/../.." && pwd)
prefix=$WORK/prefix
jobs=${HEDDLE_OSS_FUZZ_JOBS:-$(nproc)}
# Not those whose input is the schedule: each target has a sanitizer there, and theirs is the shadow heap.
all="spec_loader protocol history_reader linearizability syntax compiler bytecode differential list_threads dict_threads set_threads deque_threads"
targets=${HEDDLE_OSS_FUZZ_TARGETS:-$all}

library() {  # NAME CMAKE_OPTION...
  local name=$1
  shift
  [ -d "$SRC/$name" ] || return 0
  cmake -S "$SRC/$name" -B "$WORK/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_C_FLAGS="$CFLAGS" -DCMAKE_CXX_FLAGS="$CXXFLAGS" "$@"
  ninja -C "$WORK/$name" -j"$jobs" install
}
library fmt -DFMT_TEST=OFF -DFMT_DOC=OFF
library yaml-cpp -DYAML_CPP_BUILD_TESTS=OFF -DYAML_CPP_BUILD_TOOLS=OFF
library re2 -DRE2_BUILD_TESTING=OFF

configure() {  # FOLDER OPTION...
  local folder=$1
  shift
  cmake -S "$project" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" \
    -DCMAKE_C_FLAGS="$CFLAGS" -DCMAKE_CXX_FLAGS="$CXXFLAGS" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    -DHEDDLE_FUZZERS=ON -DHEDDLE_STATIC_LIBRARIES=ON "-DHEDDLE_FUZZING_ENGINE=$LIB_FUZZING_ENGINE" "$@"
}
build() {  # FOLDER
  local folder=$1 target
  for target in $targets; do
    ninja -C "$folder" -j"$jobs" "${target}_fuzzer"
    cp "$folder/bin/${target}_fuzzer" "$OUT/"
    pack "$target" "$folder"
  done
}
pack() {
  local target=$1 folder=$2 seeds=$1 dictionary=$1
  [ "$target" = compiler ] && seeds=syntax dictionary=python
  [ "$target" = syntax ] && dictionary=python
  [ "$target" = spec_loader ] && dictionary=spec
  [ "$target" = history_reader ] && dictionary=history
  if [ -d "$project/fuzz/corpora/$seeds" ]; then
    rm -f "$OUT/${target}_fuzzer_seed_corpus.zip"
    (cd "$project/fuzz/corpora/$seeds" && python3 -m zipfile -c "$OUT/${target}_fuzzer_seed_corpus.zip" ./*)
  fi
  if [ -f "$project/fuzz/dictionaries/$dictionary.dict" ]; then cp "$project/fuzz/dictionaries/$dictionary.dict" "$OUT/${target}_fuzzer.dict"; fi
  if [ "$target" = bytecode ]; then
    ninja -C "$folder" -j"$jobs" instruction_dictionary
    cp "$folder/bytecode.dict" "$OUT/bytecode_fuzzer.dict"
  fi
  printf '[libfuzzer]\ntimeout = 25\n' > "$OUT/${target}_fuzzer.options"
  case "$target" in *_threads) printf 'max_len = 160\nlen_control = 0\n' >> "$OUT/${target}_fuzzer.options" ;; esac
}

configure "$WORK/real" -DHEDDLE_ATOMICS=real
build "$WORK/real"
