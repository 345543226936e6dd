#!/bin/bash
# Builds each fuzzer of properties/robustness into $OUT, with its seed corpus: what ClusterFuzzLite runs. It sets CC, CXX,
# CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, OUT and WORK.
set -euo pipefail
source=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
[ -e "$source/CMakeLists.txt" ] || source=$PWD

# fmt without its library, which was compiled for another standard library. What is linked else travels along.
cmake -S "$source" -B "$WORK/build" -G Ninja -DCANCELSIM_FUZZ=ON -DCANCELSIM_TESTS=OFF -DCMAKE_BUILD_TYPE=None \
  -DCANCELSIM_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" -DCMAKE_CXX_FLAGS="$CXXFLAGS -DFMT_HEADER_ONLY" \
  -DCMAKE_EXE_LINKER_FLAGS="-Wl,-rpath,'\$ORIGIN/lib'"
fuzzers=$(cd "$source/properties/robustness" && ls ./*_fuzz.cpp | xargs -n 1 basename -s .cpp)
# shellcheck disable=SC2086  # a word each
cmake --build "$WORK/build" --target $fuzzers
mkdir -p "$OUT/lib"
for fuzzer in $fuzzers; do
  cp "$WORK/build/$fuzzer" "$OUT/"
  ldd "$OUT/$fuzzer" | sed -n 's/.* => \(.*lib\(fmt\|zstd\|xxhash\)[^ ]*\) .*/\1/p' | xargs -r -I{} cp -L {} "$OUT/lib/"
  corpus=$WORK/corpus-$fuzzer
  rm -rf "$corpus"
  "$source/.clusterfuzzlite/seeds.sh" "$source" "$fuzzer" "$corpus"
  (cd "$corpus" && zip -q -r "$OUT/${fuzzer}_seed_corpus.zip" .)
done
