#!/usr/bin/env bash
# twice.sh: builds the command in two folders of other names and depths, from two copies of the sources, and compares the binaries.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
for copy in one another/and/deeper; do
  mkdir -p "$work/$copy"
  git ls-files -z | xargs -0 tar c | tar x -C "$work/$copy"
  cmake -S "$work/$copy" -B "$work/$copy/build" -G Ninja -DCMAKE_BUILD_TYPE="${BUILD_TYPE:-Release}" >/dev/null
  cmake --build "$work/$copy/build" --target cancelsim >"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
done
cmp "$work/one/build/cancelsim" "$work/another/and/deeper/build/cancelsim"
echo "the same: $(sha256sum <"$work/one/build/cancelsim")"
