#include "properties/failure/saved_failure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>

#include "properties/failure/choice_words.h"
#include "properties/failure/numbered.h"
#include "properties/failure/subject_words.h"
#include "properties/failure/whole_file.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/json_tree.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;
using scenarios::JsonKind;
using scenarios::JsonNode;
using scenarios::JsonTree;
using Index = JsonTree::Index;

constexpr std::int64_t kVersion = 2;
constexpr std::array<std::string_view, 10> kKeysOfLibrary{"version", "contract", "subject", "anyio",  "python",
                                                          "patches", "asked",    "choices", "digest", "case"};
constexpr std::array<std::string_view, 12> kKeys{"version", "contract", "subject", "anyio",   "policy", "python",
                                                 "bugs",    "fixes",    "asked",   "choices", "digest", "case"};
constexpr std::array<std::string_view, 10> kKeysOfVersion1{"version", "contract", "kernel",     "policy", "python",
                                                           "defects", "asked",    "deviations", "digest", "case"};

std::string json_text(std::string_view text) { return scenarios::json_quoted(text); }

class SavedReader {
public:
    explicit SavedReader(const JsonTree& tree) : tree_(tree) {
        if (tree[0].kind != JsonKind::object) tree.fail(0, "a saved failure, an object");
    }

    Failure read() {
        // First, so that the keys of another version are not blamed.
        const Index version = value_of("version");
        const std::int64_t number = tree_[version].kind == JsonKind::integer ? tree_[version].number : 0;
        if (number != 1 && number != kVersion) tree_.fail(version, "1 or 2, the versions that there are so far");
        if (number == 1) return read_version_1();
        const std::string& subject = text_at("subject");
        if (subject != kModel && subject != kLibrary) tree_.fail(value_of("subject"), "\"model\" or \"library\"");
        Failure failure;
        if (subject == kModel) {
            check_keys(kKeys);
            read_release("anyio", failure);
            read_switches("bugs", {Named::bug}, failure.config);
            read_switches("fixes", {Named::fix}, failure.config);
        } else {
            check_keys(kKeysOfLibrary);
            read_library(failure);
        }
        failure.schedule.asked = read_asked();
        failure.program = scenarios::parse_case(tree_, value_of("case"));
        read_choices(failure);
        return failure;
    }

private:
    Failure read_version_1() {
        check_keys(kKeysOfVersion1);
        Failure failure;
        read_release("kernel", failure);
        read_switches("defects", {Named::bug, Named::fix}, failure.config);
        const auto deviations = read_deviations();
        failure.program = scenarios::parse_case(tree_, value_of("case"));
        failure.schedule = named(failure.config, failure.program, read_asked(), deviations);
        return failure;
    }

    void read_release(std::string_view anyio_key, Failure& failure) const {
        failure.contract = text_at("contract");
        const auto take = [&](Named what, std::string_view key, std::string_view expected) {
            if (!set(failure.config, what, text_at(key))) tree_.fail(value_of(key), expected);
        };
        take(Named::anyio, anyio_key, "a release of `cancelsim list`");
        take(Named::policy, "policy", "a policy of `cancelsim list`");
        take(Named::python, "python", "a Python that the model knows");
        read_digest(failure);
    }

    void read_library(Failure& failure) const {
        auto library = std::make_shared<Library>();
        if (text_at("anyio") != kNone) library->anyio = text_at("anyio");
        library->python = text_at("python");
        for_each("patches",
                 [&](Index element) { library->patches.push_back(text_of(element, "the hash of a patch, a string")); });
        const auto config = config_of(*library);
        if (!config) tree_.fail(value_of("anyio"), "releases that the contracts know");
        failure.config = {*config, std::move(library)};
        failure.contract = text_at("contract");
        read_digest(failure);
    }

    void check_keys(std::span<const std::string_view> keys) const {
        for (Index child = 1; child < tree_.end(0); child = tree_.end(child)) {
            if (std::find(keys.begin(), keys.end(), tree_[child].key) == keys.end())
                tree_.fail(child, fmt::format("a key of a saved failure ({})", fmt::join(keys, ", ")),
                           "an unknown key");
            if (value_of(tree_[child].key) != child) tree_.fail(child, "each key once", "it again");
        }
    }

    /// The value of `key` in an object, which is the whole unless it is given.
    Index value_of(std::string_view key, Index object = 0) const {
        for (Index child = object + 1; child < tree_.end(object); child = tree_.end(child))
            if (tree_[child].key == key) return child;
        tree_.fail_at_key(object, key, "a value", "no such key");
    }

    const std::string& text_of(Index value, std::string_view expected) const {
        if (tree_[value].kind != JsonKind::string) tree_.fail(value, expected);
        return tree_[value].text;
    }
    const std::string& text_at(std::string_view key) const { return text_of(value_of(key), "a string"); }

    /// Calls `visit(element)` for each element of the list at `key`.
    template <class Visit>
    void for_each(std::string_view key, Visit visit) const {
        const Index list = value_of(key);
        if (tree_[list].kind != JsonKind::array) tree_.fail(list, "a list");
        for (Index element = list + 1; element < tree_.end(list); element = tree_.end(element)) visit(element);
    }

    void read_switches(std::string_view key, std::initializer_list<Named> kinds, model::Config& config) const {
        for_each(key, [&](Index element) {
            const std::string& name = text_of(element, "a name of `cancelsim list`");
            const bool known =
                std::any_of(kinds.begin(), kinds.end(), [&](Named kind) { return set(config, kind, name); });
            if (!known) tree_.fail(element, "a name of `cancelsim list`");
        });
    }

    std::uint64_t number_of(Index value, std::uint64_t least, std::uint64_t most) const {
        const JsonNode& node = tree_[value];
        if (node.kind != JsonKind::integer || node.number < 0 || static_cast<std::uint64_t>(node.number) < least ||
            static_cast<std::uint64_t>(node.number) > most)
            tree_.fail(value, fmt::format("a number, at least {}", least));
        return static_cast<std::uint64_t>(node.number);
    }
    std::uint32_t number_of(Index value, std::uint32_t least) const {
        return static_cast<std::uint32_t>(number_of(value, least, UINT32_MAX));
    }

    sim::ChoiceKind kind_of(Index value) const {
        const auto kind = find_choice_kind(text_of(value, "a kind of choice"));
        if (!kind)
            tree_.fail(value, "a kind of choice: set_order, timer_order, arrival, elapse, ready_order or inject");
        return *kind;
    }

    sim::ChoiceKinds read_asked() const {
        sim::ChoiceKinds asked = 0;
        for_each("asked", [&](Index element) { asked |= bit(kind_of(element)); });
        return asked;
    }

    std::vector<sim::NumberedDeviation> read_deviations() const {
        std::vector<sim::NumberedDeviation> deviations;
        for_each("deviations", [&](Index element) {
            if (tree_[element].kind != JsonKind::array || tree_[element].size != 3)
                tree_.fail(element, "a list of two numbers: question and answer");
            const std::uint32_t least = deviations.empty() ? 0 : deviations.back().question + 1;
            deviations.push_back({number_of(element + 1, least), number_of(element + 2, 1)});
        });
        return deviations;
    }

    /// The number of a name of the program, plus 1; 0 of a scope without a name.
    std::uint32_t owner_of(Index value, const scenarios::Case& program) const {
        if (tree_[value].kind == JsonKind::null) return 0;
        const auto& names = program.names;
        const auto at = std::find(names.begin(), names.end(), text_of(value, "a name of the case, or null"));
        if (at == names.end()) tree_.fail(value, "a name of the case, or null");
        return static_cast<std::uint32_t>(at - names.begin()) + 1;
    }

    void read_choices(Failure& failure) const {
        auto& deviations = failure.schedule.deviations;
        for_each("choices", [&](Index element) {
            if (tree_[element].kind != JsonKind::object) tree_.fail(element, "an object: a question and its answer");
            sim::Deviation deviation;
            sim::Question& question = deviation.question;
            question.kind = kind_of(value_of(kKindKey, element));
            const bool has_owner = question.kind == sim::ChoiceKind::set_order;
            if (has_owner) question.owner = owner_of(value_of(kScopeKey, element), failure.program);
            const auto numbers = numbers_of(question.kind);
            for (const QuestionNumber& number : numbers)
                number.set(question, number_of(value_of(number.key, element), 0, number.most));
            deviation.answer = number_of(value_of(kAnswerKey, element), 1);
            if (tree_[element].size != 1 + 2 + numbers.size() + (has_owner ? 1 : 0))
                tree_.fail(element, "the keys of such a question, each once");
            deviations.push_back(deviation);
        });
        std::sort(deviations.begin(), deviations.end(), sim::by_question);
        if (!sim::is_sorted(deviations)) tree_.fail(value_of("choices"), "each question once");
    }

    void read_digest(Failure& failure) const {
        const std::string& text = text_at("digest");
        const char* end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, failure.digest, 16);
        if (read.ec != std::errc{} || read.ptr != end || text.size() != 16)
            tree_.fail(value_of("digest"), "16 hexadecimal digits");
    }

    const JsonTree& tree_;
};

std::string contents_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The keys that say what ran it.
std::string subject_keys(const Subject& subject) {
    const auto quoted = [](std::vector<std::string> names) {
        std::transform(names.begin(), names.end(), names.begin(),
                       [](const std::string& name) { return json_text(name); });
        return fmt::format("{}", fmt::join(names, ","));
    };
    if (const Library* library = subject.library.get())
        return fmt::format("\"subject\":{},\"anyio\":{},\"python\":{},\"patches\":[{}]", json_text(kLibrary),
                           json_text(library->anyio.empty() ? kNone : library->anyio), json_text(library->python),
                           quoted(library->patches));
    return fmt::format("\"subject\":{},\"anyio\":{},\"policy\":{},\"python\":{},\"bugs\":[{}],\"fixes\":[{}]",
                       json_text(kModel), json_text(subject.version->name), json_text(subject.policy->name),
                       json_text(subject.python->name), quoted(switches_of(subject, false)),
                       quoted(switches_of(subject, true)));
}

}  // namespace

std::string to_saved(const Failure& failure) {
    std::vector<std::string> asked;
    for (int i = 0; i < sim::kChoiceKinds; ++i) {
        const auto kind = static_cast<sim::ChoiceKind>(i);
        if ((failure.schedule.asked & bit(kind)) != 0) asked.push_back(json_text(name_of(kind)));
    }
    std::vector<std::string> choices;
    for (const sim::Deviation& deviation : in_written_order(failure.program, failure.schedule.deviations))
        choices.push_back(deviation_json(failure.program, deviation));
    return fmt::format(
        "{{\"version\":{},\"contract\":{},{},\"asked\":[{}],\"choices\":[{}],\"digest\":{},\"case\":{}}}\n", kVersion,
        json_text(failure.contract), subject_keys(failure.config), fmt::join(asked, ","), fmt::join(choices, ","),
        json_text(digest_text(failure.digest)), scenarios::to_json(failure.program));
}

Failure from_saved(std::string_view text, std::string_view file_name) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    const JsonTree tree(text, file_name, 1, 1);
    return SavedReader(tree).read();
}

std::string save(const Failure& failure, const std::string& folder) {
    const std::string text = to_saved(failure);
    const std::string stem = fmt::format("{}-{}", failure.contract, digest_text(failure.digest));
    fs::path path = fs::path(folder) / (stem + ".json");
    std::error_code error;
    for (int number = 2; fs::exists(path, error); ++number) {
        if (contents_of(path) == text) return path.string();
        path = fs::path(folder) / fmt::format("{}-{}.json", stem, number);
    }
    write_whole(folder, path.filename().string(), text);
    return path.string();
}

}  // namespace cancelsim::properties
