#include <doctest/doctest.h>

#include <set>

#include "scenarios/program/case_check.h"
#include "scenarios/program/case_code.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

TEST_CASE("each statement has a name of its own, and what it waits in") {
    std::set<std::string_view> names;
    for (const StatementType* type : kStatementTypes) {
        CAPTURE(*type->name);
        CHECK(names.insert(*type->name).second);
        CHECK((*type->shrinking->simpler).size() <= kMostSimpler);
        const bool never = *type->small_scope->turn == SmallScope::Turn::never;
        CHECK((*type->small_scope->offer == nullptr) == never);
        const Weights& weights = *type->generation->weights;
        if (weights.blocks + weights.misuse + weights.start > 0) CHECK((*type->generation->write != nullptr));
    }
}

TEST_CASE("whatever takes a statement's place is simpler, and valid where the statement was") {
    for (int i = 0; i < kOps; ++i) {
        const StatementType& type = type_of(static_cast<Op>(i));
        for (const auto simplify : *type.shrinking->simpler) {
            Statement statement{.op = static_cast<Op>(i), .number = 1};
            CAPTURE(*type.name);
            if (!simplify(statement)) continue;
            CHECK(*type_of(statement.op).shrinking->weight <= *type.shrinking->weight);
            CHECK(type_of(statement.op).fields->parts() == type.fields->parts());
        }
    }
}

TEST_CASE("the statements of the first version keep their codes") {
    // Tokens that were handed out hold them.
    CHECK(static_cast<int>(Op::sleep) == 0);
    CHECK(static_cast<int>(Op::scope) == 8);
    CHECK(static_cast<int>(Op::try_) == 17);
    CHECK(static_cast<int>(Op::spawn_detached) == 27);
}

}  // namespace cancelsim::scenarios
