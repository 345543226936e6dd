#!/bin/sh
# usage: interrupt.sh BINARY
# SIGINT ends a hunt that would go on for long: it shrinks and reports what it has found, and exits with 1.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" hunt --time 2h --contract no-hot-loop >"$work/out" 2>"$work/err" &
hunt=$!
sleep 1
kill -INT "$hunt"
code=0
wait "$hunt" || code=$?
[ "$code" = 1 ] || { echo "expected exit code 1, got $code"; cat "$work/err"; exit 1; }
[ ! -s "$work/err" ] || { cat "$work/err"; exit 1; }
head -n 1 "$work/out" | grep -q ' schedules of 4.13.0 upstream '
tail -n 1 "$work/out" | grep -q '^./cancelsim replay cs2:'
