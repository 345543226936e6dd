# What `convert` prints of a case is read back as that case, runs, and is refused with its line where it is damaged.
set -eu
cancelsim=$1
work=$(mktemp -d)
trap "rm -rf '$work'" EXIT
"$cancelsim" generate --cases 20 --seed 5 >"$work/cases.jsonl"
cases=$work/cases.jsonl
work=$work/made
"$cancelsim" convert --into "$work" "$cases"
while read -r line; do
  name=$(printf '%s' "$line" | sed 's/^{"name":"\([^"]*\)".*/\1/')
  [ "$("$cancelsim" convert "$work/$name.py")" = "$line" ]
  printf '%s\n' "$line" >"$work/one.jsonl"
  [ "$("$cancelsim" trace "$work/$name.py")" = "$("$cancelsim" trace "$work/one.jsonl")" ]
done <"$cases"
printf 'async def main():\n    while True:\n        pass\n' >"$work/bad.py"
code=0
said=$("$cancelsim" trace "$work/bad.py" 2>&1) || code=$?
[ "$code" = 2 ]
[ "$said" = "cancelsim: $work/bad.py:2: \`while\` is not part of the case language" ]
