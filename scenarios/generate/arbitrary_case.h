// Generated cases for rapidcheck. For tests only: it takes seconds to compile.
#pragma once

#include <rapidcheck.h>

#include <ostream>
#include <utility>

#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"
#include "scenarios/shrink/shrinker.h"

namespace cancelsim::scenarios {

/// How rapidcheck prints a case: as its line of JSON.
inline void showValue(const Case& program, std::ostream& os) { os << to_json(program); }

/// `program`, with the smaller cases of SmallerCases to shrink to.
inline rc::Shrinkable<Case> shrinkable_case(Case program) {
    struct Smaller {
        SmallerCases cases;
        rc::Maybe<Case> operator()() {
            Case candidate;
            if (!cases.next(candidate)) return rc::Nothing;
            return candidate;
        }
    };
    return rc::shrinkable::shrinkRecur(
        std::move(program), [](const Case& from) { return rc::makeSeq<Smaller>(Smaller{SmallerCases(from)}); });
}

/// A case of `profile`, made from one number that rapidcheck draws; its size parameter is not asked.
inline rc::Gen<Case> arbitrary_case(Profile profile) {
    return [profile](rc::Random random, int) {
        Case program;
        generate(profile, random.next(), program);
        return shrinkable_case(std::move(program));
    };
}

}  // namespace cancelsim::scenarios
