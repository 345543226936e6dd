#!/bin/sh
# usage: run.sh browser BINARY CHROMIUM, or run.sh built: exits with 77 where what it needs is not installed.
set -eu
cd -- "$(dirname -- "$0")/.."
skip() { echo "SKIPPED: $1"; exit 77; }
command -v node >/dev/null || skip "there is no node"
[ -d node_modules/playwright-core ] || skip "run \`npm ci\` in properties/report/page/web"
case $1 in
browser)
    [ -x "$3" ] || skip "there is no chromium"
    exec node test/browser.mjs "$2" "$3"
    ;;
built)
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    node build.mjs "--outdir=$work"
    for file in page.js page.css; do cmp "$work/$file" "../built/$file" || { echo "npm run build"; exit 1; }; done
    ;;
esac
