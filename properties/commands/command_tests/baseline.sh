# What runs do, and what they break, is what the table says: a few of its thousand blocks.
set -eu
"$1" baseline --every 16
