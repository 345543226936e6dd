#include "properties/subject/spelling.h"

#include <algorithm>
#include <vector>

namespace cancelsim::properties {

std::size_t edits_between(std::string_view a, std::string_view b) {
    // Rows of the table of distances between beginnings: the one before the last, the last, and this one.
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::string did_you_mean(std::string_view word, std::span<const std::string> names) {
    const std::string* nearest = nullptr;
    std::size_t fewest = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string& name : names) {
        const std::size_t edits = edits_between(word, name);
        if (edits >= fewest) continue;
        fewest = edits;
        nearest = &name;
    }
    // A name of which the beginning was written, as `cond` of `conditions-hold`.
    for (const std::string& name : names)
        if (nearest == nullptr && word.size() >= 3 && name.starts_with(word)) nearest = &name;
    return nearest == nullptr ? "" : " (did you mean " + *nearest + "?)";
}

}  // namespace cancelsim::properties
