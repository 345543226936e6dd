#!/bin/sh
# usage: test.sh CMAKE BUILD SOURCE installed|subdirectory
set -eu
cmake=$1
build=$2
source=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Outside the tree: nothing of it is found by a relative path.
cp -r "$source/examples/outside" "$work/outside"
case $4 in
installed)
    "$cmake" --install "$build" --prefix "$work/prefix" >"$work/log"
    "$work/prefix/bin/cancelsim" --version
    "$cmake" -S "$work/outside" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" >>"$work/log"
    "$cmake" --build "$work/build" >>"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
    "$work/build/outside_tests"
    # It finds what is wrong with the policy.
    if "$work/build/outside_tests" --test-case='*random*' --no-skip; then echo "the lazy policy keeps its promises"; exit 1; fi
    ;;
subdirectory)
    # The whole of it takes minutes: that its first room builds says that it is set up.
    "$cmake" -S "$work/outside" -B "$work/build" -DCANCELSIM_SOURCE="$source" >"$work/log"
    "$cmake" --build "$work/build" --target sim >>"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
    [ ! -e "$work/build/cancelsim/CTestTestfile.cmake" ] || ! grep -q add_test "$work/build/cancelsim/CTestTestfile.cmake"
    ;;
esac
