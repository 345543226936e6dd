#include "properties/commands/line/parse.h"

#include <doctest/doctest.h>

#include "properties/commands/line/help.h"
#include "properties/commands/line/shells.h"
#include "properties/subject/errors.h"
#include "properties/subject/spelling.h"

namespace cancelsim::properties {

namespace {

/// A command with an option of each type, and what was given to it.
struct Sample {
    bool flag = false;
    std::uint64_t number = 3;
    std::optional<std::uint64_t> seed;
    std::optional<double> seconds;
    std::optional<std::uint64_t> bytes;
    std::uint64_t part = 1;
    std::uint64_t parts = 1;
    std::vector<std::string> words;
    std::vector<std::string> files;
    bool was_flagged = false;

    std::vector<Command> commands() {
        return {
            {.name = "sample",
             .summary = "Take everything",
             .options =
                 {{.names = "--flag,-f", .value = Flag{&flag}, .help = "a flag", .given = &was_flagged},
                  {.names = "--number,-n", .value = Number{&number, 1, 9}, .help = "a number", .excludes = "--flag"},
                  {"--seed", Seed{&seed}, "a seed"},
                  {"--time", Duration{&seconds}, "a time"},
                  {"--size", Size{&bytes, 1024}, "a size"},
                  {"--shard", Part{&part, &parts, 8}, "a part"},
                  {"--word", Word{&words, "word", {"alpha", "beta"}}, "a word"},
                  {"FILE", Text{&files, "FILE"}, "files"}},
             .run = [] { return 7; }}};
    }
    int run(std::vector<const char*> arguments) {
        arguments.insert(arguments.begin(), {"cancelsim", "sample"});
        const auto all = commands();
        return parse(all, static_cast<int>(arguments.size()), arguments.data())();
    }
};

}  // namespace

TEST_CASE("each type of option takes what was given") {
    Sample sample;
    CHECK(sample.run({"-n", "4", "--seed=12", "--time", "2m", "--shard", "2/8", "--size", "3M", "a", "--word", "beta",
                      "--word", "alpha", "b"}) == 7);
    CHECK(sample.number == 4);
    CHECK(sample.seed == 12);
    CHECK(sample.seconds == 120);
    CHECK(sample.bytes == std::uint64_t{3} << 20);
    CHECK(sample.part == 2);
    CHECK(sample.parts == 8);
    CHECK(sample.words == std::vector<std::string>{"beta", "alpha"});
    CHECK(sample.files == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(sample.was_flagged);
}

TEST_CASE("the hash of a commit is a seed: its first 15 digits") {
    Sample sample;
    sample.run({"--seed", "a74ae30c0ffee0123456789abcdef0123456789a"});
    CHECK(sample.seed == 0xa74ae30c0ffee01);
}

TEST_CASE("what is amiss is said with what was meant") {
    const auto said = [](std::vector<const char*> arguments) -> std::string {
        try {
            Sample().run(std::move(arguments));
        } catch (const UsageError& error) {
            return error.what();
        }
        return "nothing";
    };
    CHECK(said({"--number", "10"}) == "--number 10: expected a number from 1 to 9");
    CHECK(said({"--number", "04"}) == "--number 04: expected a number from 1 to 9");
    CHECK(said({"--seed", "0000000"}) ==
          "--seed 0000000: expected a number from 0 to 18446744073709551615, or the hash of a commit");
    CHECK(said({"--shard", "3/2"}) == "--shard 3/2: expected I/N, such as 2/4, I from 1 to N, N at most 8");
    for (const char* size : {"1023", "1m", "-1", "1.5G", "", "M", "18446744073709551615K"})
        CHECK(said({"--size", size}).find("expected a size such as 500M or 2G") != std::string::npos);
    CHECK(said({"--time", "0s"}) == "--time 0s: expected a time such as 30s, 5m or 2h");
    CHECK(said({"--word", "alhpa"}) == "--word alhpa: unknown word (did you mean alpha?); there are: alpha, beta");
    CHECK(said({"--flga"}) == "--flga: unknown option (did you mean --flag?); see `cancelsim help sample`");
    CHECK(said({"--flag", "--number", "2"}).find("excludes") != std::string::npos);
}

TEST_CASE("a name is near to what was written by a few edits, or as its beginning") {
    CHECK(edits_between("hunt", "hnut") == 1);
    CHECK(edits_between("", "abc") == 3);
    CHECK(edits_between("kitten", "sitting") == 3);
    const std::vector<std::string> names{"no-hot-loop", "single-flight"};
    CHECK(did_you_mean("no-hot-lop", names) == " (did you mean no-hot-loop?)");
    CHECK(did_you_mean("single", names) == " (did you mean single-flight?)");
    CHECK(did_you_mean("uncancel", names).empty());
}

TEST_CASE("help, manual page and completions name every option") {
    Sample sample;
    const auto commands = sample.commands();
    std::vector<std::string> texts{help_text(commands[0])};
    for (const std::string& shell : all_shells()) texts.push_back(completion_text(shell, commands));
    for (const std::string& text : texts)
        for (const char* name : {"flag", "number", "seed", "time", "size", "shard", "word"})
            CHECK(text.find(name) != std::string::npos);
    CHECK(manual_text(commands).find("\n.B \\-\\-number, \\-n N\n") != std::string::npos);
    CHECK(help_text(commands[0]).find("a number (default 3)") != std::string::npos);
}

}  // namespace cancelsim::properties
