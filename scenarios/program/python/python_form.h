// How a statement of a case is spelled in Python: one pattern, by which it is printed and read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/python/python_syntax.h"
#include "scenarios/program/python/python_text.h"

namespace cancelsim::scenarios {

/// A form of a statement. In the pattern `{key}` stands for the field `key`, `{*key}` for a list of names. A keyword
/// argument of which the value is a field that has its default is left out. A pattern of several lines stands for
/// statements one after the other; one that ends in a colon is the head of a block, and the case's body follows.
struct PythonForm {
    std::string_view pattern;
    /// A flag that is true in this form, and false in those that neither say this nor have the field.
    std::string_view sets{};
    /// Whether the task that it makes gets a task status.
    bool gives_status = false;
};

/// What a field is in a program.
struct PythonHole {
    std::string_view key;
    std::vector<const PythonExpression*> values;  ///< one; of a list any number; none of a 0 that is added, left out
    bool subtracted = false;                      ///< where the pattern adds it
    std::uint32_t line = 0;
};

/// A pattern as syntax. It is made once, and read by any thread.
class PythonPattern {
public:
    explicit PythonPattern(std::string_view pattern);

    bool has(std::string_view key) const;
    /// Whether a field stands where None cannot: it is added to something.
    bool adds(std::string_view key) const;
    /// How many statements it takes.
    std::size_t size() const { return statements_.size(); }
    /// Whether the last of these is the head of a block with a body of the case's.
    bool is_block() const { return is_block_; }

    /// The fields where the statements [begin, end) begin like this. A keyword argument that was left out is not there;
    /// a field that stands in several places is there as often.
    std::optional<std::vector<PythonHole>> match(const PythonStatement* begin, const PythonStatement* end) const;
    /// The lines. `value` gives a field's text, that of a list with its commas; `seen` is told of all else in the
    /// pattern.
    std::vector<std::string> lines(const std::function<PythonSubstitute(std::string_view key)>& value,
                                   const std::function<void(const PythonExpression& part)>& seen) const;

private:
    std::vector<PythonStatement> statements_;
    std::vector<std::string> keys_;
    std::vector<std::string> added_;
    bool is_block_ = false;
};

}  // namespace cancelsim::scenarios
