# Cases that the command prints as Python do on the real anyio, as they are, what the model does. Skipped without one that
# is modelled: PYTHON is the interpreter, PYTHONPATH where its anyio is.
set -eu
cancelsim=$1
package=$2
python=${PYTHON:-python3}
PYTHONPATH=$package${PYTHONPATH:+:$PYTHONPATH}
export PYTHONPATH

versions=$("$python" -c 'from cancelsim import releases; print(releases.check() and releases.anyio_version(), releases.PYTHON)' 2>&1) ||
  { echo "skipped: $(printf "%s" "$versions" | tail -n 1)"; exit 77; }
# Of a checkout only the minor version is known.
anyio=$("$cancelsim" list | sed -n "s/^  \(${versions% *}\(\.[0-9]*\)\{0,1\}\)\$/\1/p" | tail -n 1)
[ -n "$anyio" ] || { echo "skipped: anyio ${versions% *} is not modelled"; exit 77; }
"$python" -m cancelsim differential --cancelsim "$cancelsim" --anyio "$anyio" --python "${versions#* }" --as-python \
  --cases "${CASES:-200}"
