// A line of JSON as a tree that can say where in it a fault is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cancelsim::scenarios {

enum class JsonKind : std::uint8_t { null, boolean, integer, other_number, string, array, object };

struct JsonNode {
    JsonKind kind = JsonKind::null;
    std::uint32_t size = 1;    ///< nodes in its subtree, itself included
    std::uint32_t parent = 0;  ///< of the root: itself
    std::int64_t number = 0;   ///< of a boolean or integer
    std::string key;           ///< in an object
    std::string text;          ///< of a string: its value; of an other number: how it is written
};

/// The nodes of one JSON value in preorder; the root is node 0. Unlike the library's own tree it
/// keeps every key, so that a key given twice is seen.
class JsonTree {
public:
    using Index = std::uint32_t;

    /// Throws CaseError if the line is not one JSON value, in UTF-8, and no deeper than kMaxLevels
    /// statements need, in a case that is itself `around` levels deep.
    JsonTree(std::string_view line, std::string_view file_name, std::size_t line_number, std::size_t around = 0);

    const JsonNode& operator[](Index node) const { return nodes_[node]; }
    /// The node after the subtree of `node`. The children of a node are node + 1, end(node + 1)
    /// ..., before end(node).
    Index end(Index node) const { return node + nodes_[node].size; }

    /// Throws the CaseError that blames `node`.
    [[noreturn]] void fail(Index node, std::string_view expected, std::string_view got) const;
    /// Throws the CaseError that blames the key `key` of `object`, whether or not it is there.
    [[noreturn]] void fail_at_key(Index object, std::string_view key, std::string_view expected,
                                  std::string_view got) const;
    /// Throws the CaseError that `node` is not what was expected, and shows what it is.
    [[noreturn]] void fail(Index node, std::string_view expected) const;

private:
    friend class JsonTreeBuilder;

    [[noreturn]] void fail_at(const std::string& path, std::string_view expected, std::string_view got) const;
    std::string path(Index node) const;
    std::string shown(Index node) const;
    /// The children of `parent` that come before `end_node`.
    std::size_t count_between(Index parent, Index end_node) const;

    std::vector<JsonNode> nodes_;
    std::string_view file_name_;
    std::size_t line_number_;
};

/// The text as a JSON string, quotes included, in ASCII. Bytes that are not UTF-8 come out as
/// U+FFFD.
std::string json_quoted(std::string_view text);

}  // namespace cancelsim::scenarios
