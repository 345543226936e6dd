#!/bin/bash
# seeds.sh SOURCE FUZZER DIR: what a fuzzer begins with, a file each, from what the repository holds.
set -euo pipefail
source=$1
fuzzer=$2
into=$3
mkdir -p "$into"
number=0
# A file of each line.
lines() {
  while IFS= read -r line; do
    number=$((number + 1))
    printf '%s\n' "$line" >"$into/$number"
  done
}
programs=$source/scenarios/recorded/named
case $fuzzer in
case_json_fuzz) cat "$programs"/*.jsonl "$source/properties/search/bug_reports.cases.jsonl" | lines ;;
run_fuzz) sed 's/^/0/' "$programs"/*.jsonl | lines ;;  # the first byte is the release
failure_fuzz) cp "$source"/properties/failure/regressions/*.json "$into/" ;;
# Two traces each.
traces_fuzz) zstd -dcq "$programs/the-ten.4.13.0.upstream.jsonl.zst" | split -l 2 - "$into/" ;;
# A case in Python each, as the documents have them.
case_python_fuzz)
  for document in "$source/README.md" "$source/scenarios/CASES.md"; do
    awk -v into="$into" -v name="$(basename "$document" .md)" '
      /^    / { if (!inside) { number++; inside = 1 } print substr($0, 5) >(into "/" name number); next }
      /./ { inside = 0 }
      !/./ { if (inside) print "" >(into "/" name number) }' "$document"
  done
  grep -L 'async def main' "$into"/* | xargs -r rm
  ;;
*) echo "no seeds are known for $fuzzer" >&2; exit 1 ;;
esac
[ -n "$(ls -A "$into")" ]
