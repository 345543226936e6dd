#include "properties/report/corpora_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "properties/report/terminal.h"

namespace cancelsim::properties {

std::string corpora_text(const std::vector<CorpusResult>& results) {
    std::size_t width = 0;
    for (const CorpusResult& result : results) width = std::max(width, result.file.size());
    std::size_t cases = 0;
    std::size_t equal = 0;
    std::string text;
    for (const CorpusResult& result : results) {
        cases += result.cases;
        equal += result.equal;
        const std::string count = fmt::format("{:>5} of {:>5} equal", result.equal, result.cases);
        text += fmt::format("{:<{}}  {}\n{}", result.file, width,
                            result.equal == result.cases ? green(count) : red(count), result.differences);
    }
    return text + fmt::format("{} of {} traces equal to the real library's\n", equal, cases);
}

}  // namespace cancelsim::properties
