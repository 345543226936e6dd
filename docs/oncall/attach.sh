#!/bin/sh
# attach.sh PID FILE.py: has the running process PID execute FILE.py, by gdb. What it prints, that process prints.
#
# CPython 3.14 and later do it themselves: python3 -c 'import sys; sys.remote_exec(PID, "FILE.py")'. Here the process is
# stopped for a moment wherever it is: rarely, that hangs it. Try it on one that you can lose.
set -eu
pid=$1
file=$(readlink -f -- "$2")
exec gdb --batch --quiet -p "$pid" \
    -ex 'set $state = (int) PyGILState_Ensure()' \
    -ex "call (int) PyRun_SimpleString(\"exec(compile(open('$file').read(), '$file', 'exec'), {})\")" \
    -ex 'call (void) PyGILState_Release($state)' >/dev/null
