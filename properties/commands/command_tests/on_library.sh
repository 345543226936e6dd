# Cases are judged and hunted on the real anyio; a patch is told from the release; a token replays there. Skipped without
# an anyio that is modelled: PYTHON is the interpreter, PYTHONPATH where its anyio is.
set -eu
cancelsim=$1
patches=$2 # a folder with what breaks, and with what changes nothing
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "$*"
  cat "$folder/out" "$folder/err"
  exit 1
}
# expect CODE ARGUMENT...: runs the command, whose exit code must be CODE.
expect() {
  code=$1
  shift
  got=0
  "$cancelsim" "$@" >"$folder/out" 2>"$folder/err" || got=$?
  [ "$got" = "$code" ] || fail "cancelsim $*: exit code $got, not $code"
}

echo '{"name":"sleeps","main":[{"op":"sleep","for":1}]}' >"$folder/sleeps.jsonl"
"$cancelsim" judge "$folder/sleeps.jsonl" --on "$python" >"$folder/out" 2>"$folder/err" || {
  grep -qE "No module named 'anyio'|the contracts know|cannot run|No such file" "$folder/err" || fail "judge --on $python"
  echo "skipped: $(cat "$folder/err")"
  exit 77
}
grep -q "^sleeps: .*kept" "$folder/out" || fail "a case that only sleeps is not kept"

# The release: nothing that is not known.
expect 0 hunt --on "$python" --cases 200 --seed 1
expect 0 hunt --on "$python" --patch "$patches/same.py" --cases 200 --seed 1
grep -q "schedules of the model, the patch mends nothing$" "$folder/out" || fail "a patch that changes nothing mends something"

# A patch: what it breaks is new, and replays from its token, with it alone.
expect 1 hunt --on "$python" --patch "$patches/deaf.py" --cases 200 --seed 1 --json
grep -q '"label":"new"' "$folder/out" || fail "no failure of the patch is new"
token=$(sed -n '/"label":"new"/s/.*"token":"\([^"]*\)".*/\1/p' "$folder/out" | head -n 1)
mended=$(sed -n 's/^{"mended":{"contract":"caught-is-ours".*"token":"\([^"]*\)".*/\1/p' "$folder/out" | head -n 1)
case $token in cs2:library,*) ;; *) fail "$token: not a token of a library" ;; esac
expect 1 replay "$token" --on "$python" --patch "$patches/deaf.py"
expect 0 replay "$token" --on "$python"
grep -q "^kept: " "$folder/out" || fail "the release breaks what only the patch broke"
expect 2 replay "$token"
grep -q -- "--on PYTHON" "$folder/err" || fail "it does not say how to run it there"
[ -n "$mended" ] || fail "who cancels nobody folds no cancellations into one, which it does not say"
expect 0 replay "$mended" --on "$python"
grep -q "^caught-is-ours at: " "$folder/out" || fail "what the patch mends the release does not break"
expect 0 replay "$mended" --on "$python" --patch "$patches/deaf.py"
grep -q "^kept: " "$folder/out" || fail "what the patch mends it breaks"

# What is said of the release is what the model says of it: contracts, places, words, digests, programs and choices.
"$cancelsim" judge "$folder/sleeps.jsonl" --on "$python" --json >"$folder/out" 2>"$folder/err"
release=$(sed -n 's/.*"anyio":"\([^"]*\)".*/\1/p' "$folder/out")
minor=$(sed -n 's/.*"python":"\([0-9]*\.[0-9]*\).*/\1/p' "$folder/out")
if "$cancelsim" list | grep -q "^  $release\$"; then
  "$cancelsim" generate --profile blocks --cases 30 --seed 7 >"$folder/cases.jsonl"
  said() {
    "$cancelsim" judge "$folder/cases.jsonl" --json --limit 8 --cases 0 --contract redelivery --contract group-outcome \
      --contract deadline --contract shield-holds "$@" >"$folder/out" 2>"$folder/err" || [ $? = 1 ] || fail "judge $*"
    sed 's/cs2:[^:]*:/cs2:/g' "$folder/out" | grep -oE '"(case|contract|place|label|iteration|happened|token)":[^,}]*'
  }
  said --anyio "$release" --python "$minor" >"$folder/model"
  said --on "$python" >"$folder/library"
  grep -q '"contract"' "$folder/model" || fail "the model breaks nothing in these cases"
  cmp "$folder/model" "$folder/library" || fail "the library is not judged as the model is"
fi

# A worker that dies, and one that cannot begin: one line each.
expect 2 judge "$folder/sleeps.jsonl" --on "$python" --patch "$patches/broken.py"
[ "$(wc -l <"$folder/err")" = 1 ] || fail "more than one line"
echo '{"name":"shield","main":[{"op":"scope","name":"s","shield":true,"deadline":9,"body":[{"op":"checkpoint"}]}]}' >"$folder/shield.jsonl"
expect 2 judge "$folder/shield.jsonl" --on "$python" --patch "$patches/dies.py"
[ "$(wc -l <"$folder/err")" = 1 ] || fail "more than one line"
got=0
"$cancelsim" hunt --on "$python" --patch "$patches/dies.py" --cases 60 --seed 1 >"$folder/out" 2>"$folder/err" || got=$?
[ "$got" -le 1 ] || fail "a hunt does not go on without the runs that are lost"
grep -q "^cancelsim: schedule [0-9]*: the worker " "$folder/err" || fail "a run is lost without a word"
grep -q "of them gave no answer" "$folder/out" || fail "the summary does not count what is lost"
