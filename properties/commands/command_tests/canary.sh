#!/bin/sh
# usage: canary.sh BINARY
# A contract that must fail: a hunt that holds it has checked nothing.
set -eu
code=0
text=$("$1" hunt --seed 1 --contract canary --cases 1000) || code=$?
[ "$code" -eq 1 ] || { echo "exit code $code instead of 1"; exit 1; }
echo "$text" | grep -q '^canary at: '
