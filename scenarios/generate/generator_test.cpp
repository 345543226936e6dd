#include "scenarios/generate/generator.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "scenarios/generate/arbitrary_case.h"
#include "scenarios/program/case_check.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/case_names.h"
#include "scenarios/program/python/case_python.h"
#include "scenarios/shrink/shrinker.h"
#include "sim/random.h"

using namespace cancelsim;
using namespace cancelsim::scenarios;

namespace {

Case generated_case(Profile profile, std::uint64_t seed) {
    Case program;
    generate(profile, seed, program);
    return program;
}

Case parsed(std::string_view json) { return parse_case(json, "test", 1); }

constexpr Profile kEveryProfile[]{Profile::blocks,  Profile::misuse, Profile::start,
                                  Profile::objects, Profile::native, Profile::all};

bool any_op(const Case& program, bool (*wanted)(Op)) {
    return std::any_of(program.statements.begin(), program.statements.end(),
                       [&](const Statement& statement) { return wanted(statement.op); });
}

/// A toy failure: some task waits for a future inside a fail_after.
bool waits_in_timeout(const Case& program) {
    for (std::size_t i = 0; i < program.statements.size(); ++i) {
        if (program.statements[i].op != Op::fail_after) continue;
        for (std::size_t k = i + 1; k < i + program.statements[i].size; ++k)
            if (program.statements[k].op == Op::future_wait) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("random numbers are those of xoshiro256** seeded by splitmix64") {
    std::uint64_t state = 1234567;
    CHECK(sim::splitmix64(state) == 6457827717110365317U);
    CHECK(sim::splitmix64(state) == 3203168211198807973U);
    sim::Random random(0);
    CHECK(random.next() == 11091344671253066420U);
    for (int i = 0; i < 1000; ++i) CHECK(random.below(7) < 7);
    CHECK(random.chance(1, 1));
    CHECK_FALSE(random.chance(0, 5));
}

TEST_CASE("a profile is found by its name") {
    for (const Profile profile : kEveryProfile) CHECK(find_profile(name_of(profile)) == profile);
    CHECK_FALSE(find_profile("both"));
}

TEST_CASE("one seed always gives the same case, whatever was in it before") {
    Case reused = parsed(R"({"name":"x","main":[{"op":"sleep","for":1}],"futures":{"f":{}},"budget":3})");
    for (const Profile profile : kEveryProfile) {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            generate(profile, seed * 0x9e3779b97f4a7c15, reused);
            CHECK(reused == generated_case(profile, seed * 0x9e3779b97f4a7c15));
        }
    }
    CHECK(generated_case(Profile::blocks, 0x2a).name == "b2a");
    CHECK_FALSE(generated_case(Profile::blocks, 1).statements == generated_case(Profile::blocks, 2).statements);
}

TEST_CASE("the same seeds gave these cases when this test was written, with every compiler") {
    std::uint64_t digest = 0;
    for (const Profile profile : {Profile::blocks, Profile::misuse, Profile::start}) {
        for (std::uint64_t seed = 0; seed < 500; ++seed)
            for (const char c : to_json(generated_case(profile, seed)))
                digest = digest * 1099511628211U + static_cast<unsigned char>(c);
    }
    // A change of the generator changes it; then tokens that name a seed stand for other cases than before.
    CHECK(digest == 8264851827625608910U);
}

TEST_CASE("generating again into the same case allocates no new memory") {
    Case program;
    for (std::uint64_t seed = 0; seed < 2000; ++seed) generate(Profile::misuse, seed, program);
    const auto* statements = program.statements.data();
    const auto* environment = program.environment.data();
    const auto* names = program.names.data();
    for (std::uint64_t seed = 0; seed < 2000; ++seed) generate(Profile::misuse, seed, program);
    CHECK(program.statements.data() == statements);
    CHECK(program.environment.data() == environment);
    CHECK(program.names.data() == names);
}

TEST_CASE("every generated case is valid, and does only what its profile says") {
    Case program;
    std::set<Op> seen[kProfiles];
    for (const Profile profile : kEveryProfile) {
        for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
            generate(profile, seed, program);
            const std::string fault = why_invalid(program);
            if (!fault.empty()) FAIL(program.name << ": " << fault);
            for (const Statement& statement : program.statements) seen[static_cast<int>(profile)].insert(statement.op);
            if (profile == Profile::misuse) continue;
            REQUIRE_FALSE(has_misuse(program));
            REQUIRE(program.stubborn.empty());
            if (profile == Profile::start || profile == Profile::native || profile == Profile::all) continue;
            REQUIRE_FALSE(any_op(program, [](Op op) { return op == Op::spawn_detached; }));
        }
    }
    constexpr std::size_t kFirst = static_cast<std::size_t>(Op::spawn_detached) + 1;  // later ones are in none of these
    CHECK(seen[0].size() == kFirst - 5);
    CHECK(seen[1].size() == kFirst);
    CHECK(seen[2].size() == kFirst - 4);
    // Less what `start` or misuse is about, asyncio's own ways to wait, notes and errors; with all that objects can do.
    for (const Op op :
         {Op::acquire, Op::acquire_nowait, Op::release, Op::hold, Op::acquire_for, Op::release_for, Op::set_tokens,
          Op::wait, Op::notify, Op::send, Op::send_nowait, Op::receive, Op::receive_nowait, Op::close_send,
          Op::close_receive, Op::clone_send, Op::clone_receive, Op::task_done, Op::join})
        CHECK(seen[3].contains(op));
    for (const Op op : {Op::asyncio_timeout, Op::reschedule, Op::asyncio_group, Op::create_task, Op::await_task,
                        Op::wait_for, Op::shield, Op::gather, Op::asyncio_wait, Op::spawn_detached})
        CHECK(seen[4].contains(op));
}

TEST_CASE("in the profile `start` most cases call it") {
    Case program;
    int calling = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        generate(Profile::start, seed, program);
        calling += any_op(program, [](Op op) { return op == Op::start; }) ? 1 : 0;
    }
    CHECK(calling > 750);
}

TEST_CASE("a generated case is read back from its JSON as it was written") {
    for (const Profile profile : kEveryProfile) {
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            const std::string json = to_json(generated_case(profile, seed));
            CHECK(to_json(parsed(json)) == json);
        }
    }
}

TEST_CASE("the checker names what is wrong with a case") {
    const Case valid = parsed(R"({"name":"x","main":[{"op":"try","body":[{"op":"sleep","for":1}],"catch":"all",)"
                              R"("then":"swallow","handler":[{"op":"raise","error":"E"}],"finally":[]}],)"
                              R"("environment":[{"at":1,"do":[{"op":"event_set","event":"e"}]}]})");
    REQUIRE(why_invalid(valid).empty());
    auto faulty = [&](auto change) {
        Case program = valid;
        change(program);
        return !why_invalid(program).empty();
    };
    CHECK(faulty([](Case& c) { c.name = "two words"; }));
    CHECK(faulty([](Case& c) { c.budget = 0; }));
    CHECK(faulty([](Case& c) { c.main_end = 2; }));
    CHECK(faulty([](Case& c) { c.statements[0].size = 2; }));
    CHECK(faulty([](Case& c) { c.statements[0].size = 4; }));
    CHECK(faulty([](Case& c) { c.statements[0].handler = 0; }));
    CHECK(faulty([](Case& c) { c.statements[0].handler = 4; }));
    CHECK(faulty([](Case& c) { c.statements[0].catches = Catch::none; }));
    CHECK(faulty([](Case& c) { c.statements[0].name = 0; }));
    CHECK(faulty([](Case& c) { c.statements[1].number = -1; }));
    CHECK(faulty([](Case& c) { c.statements[1].number = kNumberLimit; }));
    CHECK(faulty([](Case& c) { c.statements[1].flag = true; }));
    CHECK(faulty([](Case& c) { c.statements[2].name = kNoName; }));
    CHECK(faulty([](Case& c) { c.statements[2].name = c.intern("cancelled"); }));
    CHECK(faulty([](Case& c) { c.statements[3].op = Op::event_wait; }));
    CHECK(faulty([](Case& c) { c.environment[0].begin = 2; }));
    CHECK(faulty([](Case& c) { c.environment[0].when = -1; }));
    CHECK(faulty([](Case& c) { c.environment.clear(); }));
    CHECK(faulty([](Case& c) { c.stubborn = {0, 0}; }));
}

TEST_CASE("smaller cases are valid and smaller") {
    for (const Profile profile : kEveryProfile) {
        for (std::uint64_t seed = 0; seed < 150; ++seed) {
            const Case program = generated_case(profile, seed);
            const CaseSize size = size_of(program);
            std::size_t count = 0;
            for_each_smaller(program, [&](const Case& candidate) {
                ++count;
                const std::string fault = why_invalid(candidate);
                if (!fault.empty()) FAIL(to_json(program) << "\n" << to_json(candidate) << "\n" << fault);
                if (!(size_of(candidate) < size)) FAIL("not smaller: " << to_json(candidate));
                return false;
            });
            CHECK(count > 0);
        }
    }
}

TEST_CASE("whatever fails always shrinks to nothing") {
    const auto always = [](const Case&) { return true; };
    for (const Profile profile : kEveryProfile)
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const Case smallest = shrink(generated_case(profile, seed), always, 10'000);
            CHECK(smallest.statements.empty());
            CHECK(smallest.environment.empty());
            CHECK(smallest.stubborn.empty());
        }
}

TEST_CASE("shrinking finds the one smallest case that fails") {
    int found = 0;
    Case program;
    for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
        generate(Profile::misuse, seed, program);
        if (!waits_in_timeout(program)) continue;
        ++found;
        program = shrink(program, waits_in_timeout, 10'000);
        program.name = "x";
        CHECK(to_json(program) == R"({"name":"x","main":[{"op":"fail_after","name":"s0","delay":0,"body":[)"
                                  R"({"op":"future_wait","future":"f0"}]}]})");
    }
    CHECK(found > 5);
}

TEST_CASE("shrinking keeps to its budget, and gives back the best so far") {
    const Case start = generated_case(Profile::blocks, 3);
    int runs = 0;
    const auto always = [&](const Case&) { return ++runs > 0; };
    CHECK(shrink(start, always, 0) == start);
    const Case smaller = shrink(start, always, 1);
    CHECK(runs == 1);
    CHECK(size_of(smaller) < size_of(start));
}

TEST_CASE("canonical names say what a thing is and which of its kind") {
    const Case program = parsed(
        R"({"name":"x","main":[{"op":"group","name":"left","body":[{"op":"spawn","group":"left","task":"b","body":[)"
        R"({"op":"cancel","scope":"left"},{"op":"native_cancel","task":"main"}]},{"op":"scope","name":"q","body":[)"
        R"({"op":"cancel","scope":"q"},{"op":"note","text":"what?"},{"op":"raise","error":"q"}]}]}]})");
    CHECK(to_json(with_canonical_names(program)) ==
          R"({"name":"x","main":[{"op":"group","name":"g0","body":[{"op":"spawn","group":"g0","task":"t0","body":[)"
          R"({"op":"cancel","scope":"g0"},{"op":"native_cancel","task":"main"}]},{"op":"scope","name":"s0","body":[)"
          R"({"op":"cancel","scope":"s0"},{"op":"note","text":"n"},{"op":"raise","error":"E0"}]}]}]})");
}

TEST_CASE("rapidcheck draws cases, and shrinks them to smaller ones") {
    const auto drawn = arbitrary_case(Profile::blocks)(rc::Random(7), 10);
    CHECK(why_invalid(drawn.value()).empty());
    auto shrinks = drawn.shrinks();
    auto first = shrinks.next();
    REQUIRE(static_cast<bool>(first));
    CHECK(size_of(first->value()) < size_of(drawn.value()));
    CHECK(rc::toString(drawn.value()).starts_with(R"({"name":"b)"));
}

TEST_CASE("a generated case is read back from its Python as it was") {
    for (const Profile profile : kEveryProfile) {
        for (std::uint64_t seed = 0; seed < 1000; ++seed) {
            const Case program = parsed(to_json(generated_case(profile, seed)));
            const std::string python = to_python(program);
            CAPTURE(python);
            REQUIRE(parse_python(python, "p.py", "x") == program);
        }
    }
}

TEST_CASE("a damaged program is refused, or is a valid case that is read back from its own Python") {
    sim::Random random(1);
    int read = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string text = to_python(generated_case(static_cast<Profile>(i % kProfiles), random.next()));
        const auto size = static_cast<std::uint32_t>(text.size());
        const std::size_t at = random.below(size);
        switch (random.below(3)) {
            case 0: text[at] = static_cast<char>(random.below(256)); break;
            case 1: text.erase(at, 1 + random.below(20)); break;
            default: text.insert(at, text.substr(random.below(size), random.below(60))); break;
        }
        CAPTURE(text);
        try {
            const Case program = parse_python(text, "p.py", "x");
            ++read;
            CHECK(why_invalid(program) == "");
            CHECK(parse_python(to_python(program), "q.py", "x") == program);
        } catch (const CaseError& error) {
            CHECK(std::string_view(error.what()).starts_with("p.py:"));
        }
    }
    CHECK(read > 20);
}
