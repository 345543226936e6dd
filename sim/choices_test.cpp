#include "sim/choices.h"

#include <doctest/doctest.h>

#include <vector>

#include "sim/loop.h"
#include "sim/ordered_set.h"
#include "sim/random.h"

namespace cancelsim::sim {

namespace {

/// Answers at random, and keeps what it has answered.
class Noted : public Choices {
public:
    explicit Noted(std::uint64_t seed)
        : Choices(bit(ChoiceKind::set_order) | bit(ChoiceKind::timer_order)), random_(seed) {}
    std::uint32_t choose(const Question& question, std::uint32_t count) override {
        REQUIRE(question.position + count == elements);
        answers.push_back(static_cast<std::uint32_t>(random_.below(count)));
        return answers.back();
    }

    std::uint32_t elements = 0;
    std::vector<std::uint32_t> answers;

private:
    Random random_;
};

/// The order of `count` numbers that `answers` choose, one after the other.
std::vector<std::uint32_t> order_of(std::uint32_t count, const std::vector<std::uint32_t>& answers) {
    std::vector<std::uint32_t> left(count);
    for (std::uint32_t i = 0; i < count; ++i) left[i] = i;
    std::vector<std::uint32_t> order;
    for (const std::uint32_t answer : answers) {
        order.push_back(left[answer]);
        left.erase(left.begin() + answer);
    }
    order.insert(order.end(), left.begin(), left.end());
    return order;
}

struct Element {
    std::uint32_t number;
    SetLinks<Element> links;
};

struct Told {
    std::uint32_t number;
    std::vector<std::uint32_t>* order;
    Timer timer;
};

void tell(Loop&, void* argument) {
    const Told& told = *static_cast<Told*>(argument);
    told.order->push_back(told.number);
}

const CallbackName kTellName{&tell, "tell"};

}  // namespace

TEST_CASE("of many as of few timers due together, each is the one that the answer says among those that are left") {
    for (const std::uint32_t count : {2U, kMany, kMany + 1, 100U, 255U, 256U, 1000U}) {
        CAPTURE(count);
        Noted choices(count);
        choices.elements = count;
        Loop loop;
        loop.reset(&choices, Python{});
        std::vector<std::uint32_t> order;
        std::vector<Told> all(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            all[i].number = i;
            all[i].order = &order;
            all[i].timer.callback = {&tell, &all[i]};
            loop.call_at(all[i].timer, 5);
        }
        loop.run(10);
        CHECK(choices.answers.size() == count - 1);
        CHECK(order == order_of(count, choices.answers));
    }
}

TEST_CASE("of many as of few elements of a set, each is the one that the answer says among those that are left") {
    for (const std::uint32_t count : {2U, kMany, kMany + 1, 100U, 255U, 256U, 1000U}) {
        CAPTURE(count);
        Noted choices(count);
        choices.elements = count;
        Loop loop;
        loop.reset(&choices, Python{});
        std::vector<Element> all(count);
        OrderedSet<Element, &Element::links> set;
        for (std::uint32_t i = 0; i < count; ++i) {
            all[i].number = i;
            set.add(all[i]);
        }
        std::vector<std::uint32_t> order;
        loop.in_set_order(
            set, [] { return Question{}; }, [&](Element& each) { order.push_back(each.number); });
        CHECK(order == order_of(count, choices.answers));
    }
}

}  // namespace cancelsim::sim
