#!/bin/sh
# usage: export.sh BINARY
# An exported failure comes with its package, in a folder that is made for it; without an anyio it exits with 3.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
token=cs2:model,4.13.0,upstream,3.11:no-hot-loop:743809f4e014fd3e:EwECczACAheAAgAOgAIAAAAA0A8P
"$1" export "$token" --python --output "$work/shows/it.py"
[ -e "$work/shows/cancelsim/show.py" ]
code=0
python3 -c 'import runpy, sys; sys.modules["anyio"] = None; runpy.run_path(sys.argv[1], run_name="__main__")' \
    "$work/shows/it.py" 2>"$work/err" || code=$?
[ "$code" = 3 ] && [ "$(wc -l <"$work/err")" = 1 ] || { echo "exit code $code"; cat "$work/err"; exit 1; }
