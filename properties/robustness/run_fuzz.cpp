// Any bytes as the payload of a token, or as a case in JSON: it is judged on each release; what it breaks is replayed,
// explained and exported. The first byte says on what it runs.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "properties/export/python_export.h"
#include "properties/report/explain.h"
#include "properties/search/judge.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/case_code.h"
#include "scenarios/program/case_json.h"

namespace {

using namespace cancelsim;

constexpr properties::JudgeOptions kFew{.limit = 4, .cases = 2, .contracts = {}, .seed = 1};

std::optional<scenarios::Case> read(const std::string& text) {
    if (!text.starts_with('{')) return scenarios::decode_case(text);
    try {
        return scenarios::parse_case(text, "input", 1);
    } catch (const scenarios::CaseError&) {
        return std::nullopt;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto program = read(std::string(data + 1, data + size));
    if (!program) return 0;
    static const std::array kReleases{"4.13.0", "4.14.2", "4.15.1"};
    const model::Config config = properties::ConfigNames{.anyio = kReleases[data[0] % kReleases.size()]}.resolve();
    const std::atomic<bool> stop{false};
    const properties::Judged judged = properties::judge(*program, config, config, kFew, stop);
    for (const properties::JudgedFailure& each : judged.failures) {
        static_cast<void>(properties::explanation_text(each.failure, properties::explain(each.failure)));
        try {
            static_cast<void>(properties::python_file(each.failure));
        } catch (const properties::FailureError&) {  // a schedule that asyncio cannot have
        }
    }
    return 0;
}
