#include "scenarios/program/json_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "scenarios/program/case_json.h"

namespace cancelsim::scenarios {

namespace {

using Index = JsonTree::Index;

/// The case, its `main`, and for each level of statements the object and the list in it. A
/// statement of the environment begins deeper, but has no body.
constexpr std::size_t kCaseDepth = 2 + 2 * kMaxLevels;
constexpr std::size_t kShownLength = 60;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// For text that is ASCII already.
std::string shortened(std::string text) {
    if (text.size() <= kShownLength) return text;
    return text.substr(0, kShownLength - 3) + "...";
}

std::string with_key(std::string path, std::string_view key) {
    if (!is_name(key)) return path + "[" + shortened(json_quoted(key)) + "]";
    if (!path.empty()) path += ".";
    return path + shortened(std::string(key));
}

std::string with_index(const std::string& path, std::size_t index) { return fmt::format("{}[{}]", path, index); }

/// The number or word that the text ends with, or its last byte. (The parser's own last token may
/// begin much earlier.)
std::string_view last_word(std::string_view text) {
    auto in_word = [](char c) { return c == '+' || c == '.' || is_name({&c, 1}); };
    std::size_t begin = text.size() - 1;
    while (in_word(text.back()) && begin > 0 && in_word(text[begin - 1])) --begin;
    return text.substr(begin);
}

}  // namespace

/// Takes the parser's events. The parser and this keep their state on the heap, so nesting cannot
/// overflow the stack.
class JsonTreeBuilder {
public:
    using Json = nlohmann::json;

    JsonTreeBuilder(JsonTree& tree, std::string_view line, std::size_t around)
        : tree_(tree), line_(line), most_depth_(kCaseDepth + around) {}

    bool null() { return add(JsonKind::null); }
    bool boolean(bool value) { return add(JsonKind::boolean, value ? 1 : 0); }
    bool number_integer(std::int64_t value) { return add(JsonKind::integer, value); }
    bool number_unsigned(std::uint64_t value) {
        if (std::in_range<std::int64_t>(value)) return add(JsonKind::integer, static_cast<std::int64_t>(value));
        return add(JsonKind::other_number, 0, std::to_string(value));
    }
    bool number_float(double, const std::string& text) { return add(JsonKind::other_number, 0, text); }
    bool string(std::string& value) { return add(JsonKind::string, 0, std::move(value)); }
    bool binary(Json::binary_t&) { return false; }  // there is none in text
    bool key(std::string& value) {
        key_ = std::move(value);
        has_key_ = true;
        return true;
    }
    bool start_object(std::size_t) { return open(JsonKind::object); }
    bool start_array(std::size_t) { return open(JsonKind::array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    /// `position` counts the bytes read, the end of the line as one more.
    bool parse_error(std::size_t position, const std::string&, const Json::exception& error) {
        const std::string place = path_here();
        if (position > line_.size()) tree_.fail_at(place, "more JSON", "the end of the line");
        if (line_[position - 1] == '\0') fail_at_nul(position - 1);
        if (std::string_view(error.what()).find("ill-formed UTF-8") != std::string_view::npos) {
            const auto byte = static_cast<unsigned char>(line_[position - 1]);
            tree_.fail_at(place, "UTF-8", fmt::format("byte 0x{:02x} at column {}", byte, position));
        }
        const std::string word = shortened(json_quoted(last_word(line_.substr(0, position))));
        tree_.fail_at(place, "valid JSON", fmt::format("{} up to column {}", word, position));
    }

    void fail_at_nul(std::size_t index) const {
        tree_.fail_at(path_here(), "valid JSON", fmt::format("a NUL byte at column {}", index + 1));
    }

private:
    bool add(JsonKind kind, std::int64_t number = 0, std::string text = {}) {
        JsonNode& node = tree_.nodes_.emplace_back();
        node.kind = kind;
        node.number = number;
        node.text = std::move(text);
        node.key = std::exchange(key_, {});
        node.parent = open_.empty() ? 0 : open_.back();
        has_key_ = false;
        return true;
    }

    bool open(JsonKind kind) {
        add(kind);
        open_.push_back(static_cast<Index>(tree_.nodes_.size() - 1));
        if (open_.size() > most_depth_)
            tree_.fail(open_.back(), fmt::format("statements nested at most {} deep", kMaxLevels), "deeper nesting");
        return true;
    }

    bool close() {
        tree_.nodes_[open_.back()].size = static_cast<std::uint32_t>(tree_.nodes_.size() - open_.back());
        open_.pop_back();
        return true;
    }

    /// Where the parser is: in the value of the key that it read last, or at the next place in the
    /// list.
    std::string path_here() const {
        if (open_.empty()) return {};
        std::string path = tree_.path(open_.back());
        if (has_key_) return with_key(std::move(path), key_);
        if (tree_[open_.back()].kind == JsonKind::object) return path;
        return with_index(path, tree_.count_between(open_.back(), static_cast<Index>(tree_.nodes_.size())));
    }

    JsonTree& tree_;
    std::string_view line_;
    std::size_t most_depth_;
    std::string key_;
    bool has_key_ = false;
    std::vector<Index> open_;
};

JsonTree::JsonTree(std::string_view line, std::string_view file_name, std::size_t line_number, std::size_t around)
    : file_name_(file_name), line_number_(line_number) {
    // The parser would skip this mark, and would take a NUL for the end of its input.
    if (line.starts_with(kByteOrderMark)) fail_at("", "JSON", "a byte order mark");
    JsonTreeBuilder builder(*this, line, around);
    nlohmann::json::sax_parse(line.begin(), line.end(), &builder);
    if (const auto nul = line.find('\0'); nul != std::string_view::npos) builder.fail_at_nul(nul);
}

void JsonTree::fail(Index node, std::string_view expected, std::string_view got) const {
    fail_at(path(node), expected, got);
}

void JsonTree::fail(Index node, std::string_view expected) const { fail_at(path(node), expected, shown(node)); }

void JsonTree::fail_at_key(Index object, std::string_view key, std::string_view expected, std::string_view got) const {
    fail_at(with_key(path(object), key), expected, got);
}

void JsonTree::fail_at(const std::string& path, std::string_view expected, std::string_view got) const {
    const std::string_view place = path.empty() ? "case" : std::string_view(path);
    throw CaseError(fmt::format("{}:{}: {}: expected {}, got {}", file_name_, line_number_, place, expected, got));
}

std::string JsonTree::path(Index node) const {
    std::vector<Index> steps;
    for (; node != 0; node = nodes_[node].parent) steps.push_back(node);
    std::string path;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        const JsonNode& there = nodes_[*step];
        if (nodes_[there.parent].kind == JsonKind::object)
            path = with_key(std::move(path), there.key);
        else
            path = with_index(path, count_between(there.parent, *step));
    }
    return path;
}

std::size_t JsonTree::count_between(Index parent, Index end_node) const {
    std::size_t count = 0;
    for (Index child = parent + 1; child < end_node; child = end(child)) ++count;
    return count;
}

std::string JsonTree::shown(Index node) const {
    const JsonNode& value = nodes_[node];
    switch (value.kind) {
        case JsonKind::null: return "null";
        case JsonKind::boolean: return value.number != 0 ? "true" : "false";
        case JsonKind::integer: return std::to_string(value.number);
        case JsonKind::other_number: return shortened(value.text);
        case JsonKind::string: return shortened(json_quoted(value.text));
        case JsonKind::array: return "a list";
        case JsonKind::object: return "an object";
    }
    return {};
}

std::string json_quoted(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace cancelsim::scenarios
