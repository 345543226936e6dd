#include "properties/bench/workloads.h"

#include <fmt/format.h>

#include "scenarios/program/case_builder.h"
#include "sim/random.h"

namespace cancelsim::properties {

using scenarios::CaseBuilder;
using scenarios::ObjectKind;
using scenarios::Op;

namespace {

constexpr std::int64_t kUnlimited = scenarios::kNumberLimit - 1;

class W1 {
public:
    explicit W1(std::uint64_t seed) : random_(seed) {}

    scenarios::Case build() {
        CaseBuilder b("w1");
        b.move_on_after("deadline", 8000, [&] {
            b.group("g", [&] {
                for (int i = 0; i < 6; ++i) b.spawn("g", fmt::format("t{}", i), [&] { sleeps(b, 4); });
                b.spawn("g", "swallower", [&] {
                    b.swallow_cancelled([&] { sleeps(b, 8); });
                    b.swallow_cancelled([&] { sleeps(b, 4); });
                    sleeps(b, 4);
                });
                b.spawn("g", "shielded", [&] {
                    b.shielded("shield", [&] { sleeps(b, 1); });
                    sleeps(b, 4);
                });
                b.group("inner", [&] {
                    for (int i = 0; i < 2; ++i)
                        b.spawn("inner", fmt::format("n{}", i), [&] { b.add(Op::sleep, {}, random_.below(20000)); });
                });
            });
        });
        return b.finish();
    }

private:
    void sleeps(CaseBuilder& b, int count) {
        for (int i = 0; i < count; ++i) b.add(Op::sleep, {}, random_.below(5000));
    }

    sim::Random random_;
};

}  // namespace

std::vector<scenarios::Case> w1_programs(std::size_t count) {
    std::vector<scenarios::Case> programs;
    for (std::size_t seed = 1; seed <= count; ++seed) programs.push_back(W1(seed).build());
    return programs;
}

scenarios::Case w2_program(std::int64_t switches) {
    CaseBuilder b("w2");
    b.group("g", [&] {
        for (const char* task : {"a", "b"})
            b.spawn("g", task, [&] { b.block(Op::repeat, {}, switches / 2, [&] { b.add(Op::checkpoint); }); });
    });
    return b.finish(kUnlimited);
}

scenarios::Case w3_program(std::int64_t tasks) {
    sim::Random random(3);
    CaseBuilder b("w3");
    b.group("g", [&] {
        for (std::int64_t i = 0; i < tasks; ++i)
            b.spawn("g", "t", [&] {
                for (int round = 0; round < 10; ++round) b.add(Op::sleep, {}, 1 + random.below(1'000'000));
            });
    });
    return b.finish(kUnlimited);
}

scenarios::Case w5_program() {
    CaseBuilder b("w5");
    b.group("g", [&] {
        for (const char* task : {"a", "b", "c"})
            b.spawn("g", task, [&] {
                for (int i = 0; i < 4; ++i) b.add(Op::checkpoint);
            });
    });
    return b.finish();
}

scenarios::Case w6_program(std::int64_t turns) {
    CaseBuilder b("w6");
    b.object("lock", ObjectKind::lock);
    b.group("g", [&] {
        for (int i = 0; i < 8; ++i)
            b.spawn("g", fmt::format("t{}", i), [&] {
                b.block(Op::repeat, {}, turns, [&] { b.block(Op::hold, "lock", 0, [&] { b.add(Op::checkpoint); }); });
            });
    });
    return b.finish(kUnlimited);
}

scenarios::Case w7_program(std::int64_t items, std::int64_t buffer) {
    CaseBuilder b("w7");
    b.object("first", ObjectKind::stream, buffer);
    b.object("second", ObjectKind::stream, buffer);
    const auto each = [&](auto inside) { b.block(Op::repeat, {}, items, inside); };
    b.group("g", [&] {
        b.spawn("g", "source", [&] { each([&] { b.add(Op::send, "first"); }); });
        b.spawn("g", "stage", [&] {
            each([&] {
                b.add(Op::receive, "first");
                b.add(Op::send, "second");
            });
        });
        b.spawn("g", "sink", [&] { each([&] { b.add(Op::receive, "second"); }); });
    });
    return b.finish(kUnlimited);
}

std::vector<scenarios::Case> w8_programs(std::size_t count) {
    std::vector<scenarios::Case> programs;
    for (std::size_t seed = 1; seed <= count; ++seed) {
        sim::Random random(seed);
        CaseBuilder b("w8");
        b.swallow(scenarios::Catch::error, [&] {
            b.asyncio_timeout("timeout", 8000, [&] {
                b.block(Op::asyncio_group, "g", 0, [&] {
                    for (int i = 0; i < 8; ++i)
                        b.create_task("g", fmt::format("t{}", i), [&] {
                            for (int k = 0; k < 4; ++k) b.add(Op::sleep, {}, random.below(5000));
                        });
                });
            });
        });
        programs.push_back(b.finish());
    }
    return programs;
}

scenarios::Case growth_program(std::int64_t tasks, std::int64_t depth) {
    CaseBuilder b("growth");
    const auto nest = [&](auto& self, std::int64_t left) -> void {
        if (left > 0) {
            b.block(Op::scope, "s", 0, [&] { self(self, left - 1); });
            return;
        }
        for (int i = 0; i < 3; ++i) b.add(Op::sleep, {}, 10);
    };
    b.move_on_after("deadline", 25, [&] {
        b.group("g", [&] {
            for (std::int64_t i = 0; i < tasks; ++i) b.spawn("g", "t", [&] { nest(nest, depth); });
        });
    });
    return b.finish(kUnlimited);
}

}  // namespace cancelsim::properties
