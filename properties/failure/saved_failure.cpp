#include "properties/failure/saved_failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "properties/failure/choice_words.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/json_tree.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;
using scenarios::JsonKind;
using scenarios::JsonTree;
using Index = JsonTree::Index;

constexpr std::int64_t kVersion = 1;
constexpr std::array<std::string_view, 10> kKeys{"version", "contract", "kernel",     "policy", "python",
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
        if (tree_[version].kind != JsonKind::integer || tree_[version].number != kVersion)
            tree_.fail(version, fmt::format("{}, the only version there is so far", kVersion));
        check_keys();
        Failure failure;
        failure.contract = text_at("contract");
        failure.config.version = model::find_version(text_at("kernel"));
        if (failure.config.version == nullptr) tree_.fail(value_of("kernel"), "a kernel of `cancelsim list`");
        failure.config.policy = model::find_policy(text_at("policy"));
        if (failure.config.policy == nullptr) tree_.fail(value_of("policy"), "a policy of `cancelsim list`");
        failure.config.python = model::find_python(text_at("python"));
        if (failure.config.python == nullptr) tree_.fail(value_of("python"), "a Python that the model knows");
        read_defects(failure.config);
        read_schedule(failure.schedule);
        read_digest(failure);
        failure.program = scenarios::parse_case(tree_, value_of("case"));
        return failure;
    }

private:
    void check_keys() const {
        for (Index child = 1; child < tree_.end(0); child = tree_.end(child)) {
            if (std::find(kKeys.begin(), kKeys.end(), tree_[child].key) == kKeys.end())
                tree_.fail(child, fmt::format("a key of a saved failure ({})", fmt::join(kKeys, ", ")),
                           "an unknown key");
            if (value_of(tree_[child].key) != child) tree_.fail(child, "each key once", "it again");
        }
    }

    Index value_of(std::string_view key) const {
        for (Index child = 1; child < tree_.end(0); child = tree_.end(child))
            if (tree_[child].key == key) return child;
        tree_.fail_at_key(0, key, "a value", "no such key");
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

    void read_defects(model::Config& config) const {
        for_each("defects", [&](Index element) {
            const auto defect = model::find_defect(text_of(element, "a defect of `cancelsim list`"));
            if (!defect) tree_.fail(element, "a defect of `cancelsim list`");
            config.defects.set(*defect);
        });
    }

    std::uint32_t number_of(Index value, std::uint32_t least) const {
        if (tree_[value].kind != JsonKind::integer || tree_[value].number < least || tree_[value].number > UINT32_MAX)
            tree_.fail(value, fmt::format("a number, at least {}", least));
        return static_cast<std::uint32_t>(tree_[value].number);
    }

    void read_schedule(sim::Schedule& schedule) const {
        for_each("asked", [&](Index element) {
            const auto kind = find_choice_kind(text_of(element, "a kind of choice"));
            if (!kind) tree_.fail(element, "a kind of choice: set_order, timer_order, arrival, elapse or ready_order");
            schedule.asked |= bit(*kind);
        });
        for_each("deviations", [&](Index element) {
            if (tree_[element].kind != JsonKind::array || tree_[element].size != 3)
                tree_.fail(element, "a list of two numbers: question and answer");
            const std::uint32_t least = schedule.deviations.empty() ? 0 : schedule.deviations.back().question + 1;
            schedule.deviations.push_back({number_of(element + 1, least), number_of(element + 2, 1)});
        });
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

/// A file that vanishes unless it is given its name.
class TemporaryFile {
public:
    explicit TemporaryFile(const fs::path& folder) : path_((folder / ".saving-XXXXXX").string()) {
        descriptor_ = mkstemp(path_.data());
        if (descriptor_ < 0) fail(folder.string());
    }
    ~TemporaryFile() {
        if (descriptor_ >= 0) close(descriptor_);
        if (!path_.empty()) unlink(path_.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void write(std::string_view text, const std::string& name) {
        while (!text.empty()) {
            const ssize_t written = ::write(descriptor_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(name);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        // A file system may find out only now that it is full.
        if (fsync(descriptor_) != 0 || fchmod(descriptor_, 0644) != 0) fail(name);
    }
    void rename_to(const std::string& name) {
        if (std::rename(path_.c_str(), name.c_str()) != 0) fail(name);
        path_.clear();
    }

    [[noreturn]] static void fail(const std::string& name) {
        throw FailureError(fmt::format("{}: cannot write: {}", name, std::strerror(errno)));
    }

private:
    std::string path_;
    int descriptor_;
};

std::string contents_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string to_saved(const Failure& failure) {
    std::vector<std::string> defects;
    for (const model::DefectEntry& entry : model::all_defects())
        if (failure.config.defects.has(entry.defect)) defects.push_back(json_text(entry.name));
    std::vector<std::string> asked;
    for (int i = 0; i < sim::kChoiceKinds; ++i) {
        const auto kind = static_cast<sim::ChoiceKind>(i);
        if ((failure.schedule.asked & bit(kind)) != 0) asked.push_back(json_text(name_of(kind)));
    }
    std::vector<std::string> deviations;
    for (const sim::Deviation& deviation : failure.schedule.deviations)
        deviations.push_back(fmt::format("[{},{}]", deviation.question, deviation.answer));
    return fmt::format(
        "{{\"version\":{},\"contract\":{},\"kernel\":{},\"policy\":{},\"python\":{},\"defects\":[{}],\"asked\":[{}],"
        "\"deviations\":[{}],\"digest\":{},\"case\":{}}}\n",
        kVersion, json_text(failure.contract), json_text(failure.config.version->name),
        json_text(failure.config.policy->name), json_text(failure.config.python->name), fmt::join(defects, ","),
        fmt::join(asked, ","), fmt::join(deviations, ","), json_text(digest_text(failure.digest)),
        scenarios::to_json(failure.program));
}

Failure from_saved(std::string_view text, std::string_view file_name) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    const JsonTree tree(text, file_name, 1, 1);
    return SavedReader(tree).read();
}

void prepare_folder(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw FailureError(fmt::format("{}: cannot make this folder: {}", folder, error.message()));
    const TemporaryFile probe(folder);
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
    TemporaryFile file(folder);
    file.write(text, path.string());
    file.rename_to(path.string());
    return path.string();
}

}  // namespace cancelsim::properties
