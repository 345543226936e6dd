// doctest's main takes seconds to compile: once, here, for the tests of every room.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
