#!/bin/sh
# usage: hunt_narrow.sh BINARY
# What the real library is known to do is reported, but breaks nothing: exit code 0.
set -eu
"$1" hunt --seed 1 --policy narrow --cases 20000 --no-shrink >/dev/null
"$1" hunt --seed 1 --policy narrow --cases 4000 --no-shrink --json | tail -n 1 | grep -q '"failures":\([0-9]*\),"known":\1,'
