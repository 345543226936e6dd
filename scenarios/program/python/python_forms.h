// The forms of every statement in Python.
#pragma once

#include <span>
#include <vector>

#include "scenarios/program/case.h"
#include "scenarios/program/python/python_form.h"

namespace cancelsim::scenarios {

struct PythonFormOf {
    PythonForm form;
    PythonPattern pattern;
};

/// Most wanted first; of `try`, which has a syntax of its own, none.
const std::vector<PythonFormOf>& python_forms(Op op);

}  // namespace cancelsim::scenarios
