#!/usr/bin/env bash
# matrix.sh [CASES] [BUILD|BINARY...]: the same seeds give the same digests and breaches whatever built and runs the command.
# For each build (all, unless some are named), each binary that is given, and each way to run the first of them, it compares
# what `hunt --json` prints: tokens hold the digests. Builds go to build/matrix.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

readonly cases=${1:-10000}
[ $# -eq 0 ] || shift
out=build/matrix
mkdir -p "$out"

# NAME COMPILER FLAGS [CMAKE OPTIONS...]
builds=('gcc-O2 g++ -O2' 'gcc-O0 g++ -O0' 'gcc-O3-native g++ -O3\ -march=native' 'clang-O2 clang++ -O2'
  'clang-asan clang++ -O1\ -fsanitize=address,undefined\ -fno-sanitize-recover=all'
  'trained g++ -O3 -DCANCELSIM_TRAIN=ON -DCANCELSIM_LTO=sim\;model\;scenarios')
newest=$(compgen -c clang++- | sort -Vu | tail -n 1 || true)
if [ -n "$newest" ] && [ "$("$newest" --version)" != "$(clang++ --version)" ]; then builds+=("$newest $newest -O2"); fi

build() {
  local name=$1 compiler=$2 flags=$3
  shift 3
  cmake -S . -B "$out/$name" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" \
    -DCANCELSIM_TESTS=OFF ${CMAKE_LAUNCHER:+-DCMAKE_CXX_COMPILER_LAUNCHER=$CMAKE_LAUNCHER} "$@" >/dev/null
  cmake --build "$out/$name" --target cancelsim >"$out/$name.log" 2>&1 || { tail -n 20 "$out/$name.log"; exit 1; }
}

# What a run comes to, but for the time that it took.
result() { "$@" hunt --seed 1 --cases "$cases" --json | sed -E 's/"seconds":[0-9.e-]+/"seconds":0/g'; }

failed=0
check() { # WHAT COMMAND...
  local what=$1
  shift
  result "$@" >"$out/now" || [ $? -eq 1 ]
  [ -e "$out/first" ] || cp "$out/now" "$out/first"
  if cmp -s "$out/first" "$out/now"; then echo "same    $what"; else echo "DIFFERS $what" && failed=1; fi
}

rm -f "$out/first"
binary=
check_binary() { # WHAT BINARY
  binary=${binary:-$2}
  check "$1" "$2"
}
wanted=" $* "
for each in "$@"; do
  if [ -x "$each" ]; then check_binary "$each" "$each"; fi
done
for line in "${builds[@]}"; do
  eval "set -- $line"
  [ "$wanted" = '  ' ] || [[ $wanted == *" $1 "* ]] || continue
  build "$@"
  check_binary "$1" "$out/$1/cancelsim"
done

for jobs in 1 2 7; do
  cat >"$out/with-jobs" <<<"exec '$binary' \"\$@\" --jobs $jobs"
  check "$jobs jobs" bash "$out/with-jobs"
done
check 'no ASLR' setarch -R "$binary"
[ -d "$out/locale/tr_TR.UTF-8" ] || { mkdir -p "$out/locale" && localedef -i tr_TR -f UTF-8 "$PWD/$out/locale/tr_TR.UTF-8"; }
check 'locale tr_TR.UTF-8' env LOCPATH="$PWD/$out/locale" LC_ALL=tr_TR.UTF-8 "$binary"
check 'locale C' env LC_ALL=C "$binary"
check 'time zone Asia/Kathmandu' env TZ=Asia/Kathmandu "$binary"
check 'time zone America/St_Johns' env TZ=America/St_Johns "$binary"
exit "$failed"
