#include "model/exception_group.h"

#include <doctest/doctest.h>

#include <vector>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::ErrorKind;

struct Errors : TestKernel {
    Error* ours = new_error(ErrorKind::cancelled, 1);
    Error* native = new_error(ErrorKind::cancelled);
    Error* ordinary = new_error(ErrorKind::named);

    Error* group(std::vector<Error*> errors) {
        return sim::new_exception_group(arena(), errors.data(), static_cast<std::uint32_t>(errors.size()));
    }
};

std::vector<Error*> children(const Error* group) { return {group->children, group->children + group->count}; }

}  // namespace

TEST_CASE("a group in which no cancellation is anyio's is all rest: a new group of the same") {
    Errors errors;
    Error* inner = errors.group({errors.native});
    Error* group = errors.group({inner, errors.ordinary});
    group->context = errors.native;
    const SplitGroup split = split_anyio_cancellations(errors, group);
    CHECK(split.matching == nullptr);
    REQUIRE(split.rest != nullptr);
    CHECK(split.rest != group);
    CHECK(split.rest->context == group->context);
    REQUIRE(split.rest->count == 2);
    CHECK(split.rest->children[0] != inner);
    CHECK(children(split.rest->children[0]) == std::vector{errors.native});
    CHECK(split.rest->children[1] == errors.ordinary);
}

TEST_CASE("to split by the type takes anyio's cancellations and native ones") {
    Errors errors;
    const SplitGroup split = split_cancellations(errors, errors.group({errors.ours, errors.ordinary, errors.native}));
    REQUIRE(split.rest != nullptr);
    CHECK(children(split.matching) == std::vector{errors.ours, errors.native});
    CHECK(children(split.rest) == std::vector{errors.ordinary});
}

TEST_CASE("the parts of a group keep its order and its context") {
    Errors errors;
    Error* inner = errors.group({errors.ours});
    Error* group = errors.group({errors.ordinary, errors.ours, errors.native, inner});
    group->context = errors.new_error(ErrorKind::timeout_error);
    const SplitGroup split = split_anyio_cancellations(errors, group);
    REQUIRE(split.matching != nullptr);
    REQUIRE(split.rest != nullptr);
    REQUIRE(split.matching->count == 2);
    CHECK(split.matching->children[0] == errors.ours);
    CHECK(children(split.matching->children[1]) == std::vector{errors.ours});
    CHECK(children(split.rest) == std::vector{errors.ordinary, errors.native});
    CHECK(split.matching->context == group->context);
    CHECK(split.rest->context == group->context);
}

TEST_CASE("a group of nothing else is all match") {
    Errors errors;
    const SplitGroup split = split_anyio_cancellations(errors, errors.group({errors.ours, errors.ours}));
    REQUIRE(split.matching != nullptr);
    CHECK(split.matching->count == 2);
    CHECK(split.rest == nullptr);
}

}  // namespace cancelsim::model
