#!/usr/bin/env bash
# fuzz.sh [SECONDS] [NAME...]: builds the fuzzers, and runs each for so many seconds (60) from the corpus of its name in
# properties/robustness/corpus. What it finds new is kept in build/fuzz/corpus. An input that breaks something ends it, and is named.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
names=("$@")
[ ${#names[@]} -ne 0 ] || names=(case_json case_python failure traces run)

cmake --preset fuzz >/dev/null
targets=("${names[@]/%/_fuzz}")
cmake --build build/fuzz -j "$(nproc)" --target "${targets[@]}" >build/fuzz/build.log 2>&1 || { tail -n 20 build/fuzz/build.log; exit 1; }
for name in "${names[@]}"; do
  own=build/fuzz/corpus/$name
  mkdir -p "$own"
  log=build/fuzz/$name.log
  code=0
  "build/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=100000 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$name-" "$own" "properties/robustness/corpus/$name" >"$log" 2>&1 || code=$?
  echo "$name: $(grep -oE 'number_of_executed_units: [0-9]+' "$log" | grep -oE '[0-9]+$') runs"
  [ "$code" = 0 ] || { grep -E 'SUMMARY|ERROR|Test unit|Assertion|runtime error' "$log"; exit 1; }
done
