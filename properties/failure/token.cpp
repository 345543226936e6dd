#include <fmt/format.h>

#include <array>
#include <charconv>

#include "properties/failure/base64url.h"
#include "properties/failure/failure.h"
#include "scenarios/program/case_code.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kFormat = "cs1";

std::string payload_of(const Failure& failure) {
    std::string bytes;
    scenarios::put_number(bytes, failure.schedule.asked);
    scenarios::put_number(bytes, failure.schedule.deviations.size());
    std::uint32_t last = 0;
    for (const sim::Deviation& deviation : failure.schedule.deviations) {
        scenarios::put_number(bytes, deviation.question - last);
        scenarios::put_number(bytes, deviation.answer);
        last = deviation.question;
    }
    return to_base64url(bytes + scenarios::encode_case(failure.program));
}

[[noreturn]] void damaged(std::string_view why) {
    throw FailureError(fmt::format("token: {}: not a token of cancelsim, or not the whole of it", why));
}

void read_payload(std::string_view text, Failure& failure) {
    const auto decoded = from_base64url(text);
    if (!decoded) damaged("its last part is damaged");
    std::string_view bytes = *decoded;
    auto number = [&](std::uint64_t most) {
        const auto taken = scenarios::take_number(bytes);
        if (!taken || *taken > most) damaged("its last part is damaged");
        return static_cast<std::uint32_t>(*taken);
    };
    failure.schedule.asked = static_cast<sim::ChoiceKinds>(number(sim::kAllKinds));
    const std::uint32_t count = number(1 << 20);
    std::uint32_t question = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        question += number(UINT32_MAX);
        failure.schedule.deviations.push_back({question, number(UINT32_MAX)});
    }
    auto program = scenarios::decode_case(bytes);
    if (!program) damaged("its last part is damaged");
    failure.program = std::move(*program);
}

/// `policy` or `policy+defect+defect`.
void read_policy(std::string_view text, model::Config& config) {
    const auto policy = text.substr(0, text.find('+'));
    config.policy = model::find_policy(policy);
    if (config.policy == nullptr) throw FailureError(fmt::format("token: unknown policy '{}'", policy));
    text.remove_prefix(policy.size());
    while (!text.empty()) {
        text.remove_prefix(1);
        const auto name = text.substr(0, text.find('+'));
        const auto defect = model::find_defect(name);
        if (!defect) throw FailureError(fmt::format("token: unknown defect '{}'", name));
        config.defects.set(*defect);
        text.remove_prefix(name.size());
    }
}

}  // namespace

std::string digest_text(std::uint64_t digest) { return fmt::format("{:016x}", digest); }

std::string to_token(const Failure& failure) {
    std::string policy(failure.config.policy->name);
    for (const model::DefectEntry& entry : model::all_defects())
        if (failure.config.defects.has(entry.defect)) policy += fmt::format("+{}", entry.name);
    return fmt::format("{}:{}:{}:{}:{}:{}:{}", kFormat, failure.config.version->name, policy,
                       failure.config.python->name, failure.contract, digest_text(failure.digest), payload_of(failure));
}

Failure from_token(std::string_view token) {
    std::array<std::string_view, 7> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto colon = i + 1 < parts.size() ? token.find(':') : token.size();
        if (colon == std::string_view::npos) damaged("it has too few parts");
        parts[i] = token.substr(0, colon);
        token.remove_prefix(i + 1 < parts.size() ? colon + 1 : colon);
    }
    if (parts[0] != kFormat) damaged(fmt::format("it begins with '{}', not '{}'", parts[0], kFormat));
    Failure failure;
    failure.config.version = model::find_version(parts[1]);
    if (failure.config.version == nullptr) throw FailureError(fmt::format("token: unknown kernel '{}'", parts[1]));
    read_policy(parts[2], failure.config);
    failure.config.python = model::find_python(parts[3]);
    if (failure.config.python == nullptr) throw FailureError(fmt::format("token: unknown python '{}'", parts[3]));
    failure.contract = parts[4];
    const auto* end = parts[5].data() + parts[5].size();
    const auto read = std::from_chars(parts[5].data(), end, failure.digest, 16);
    if (read.ec != std::errc{} || read.ptr != end || parts[5].size() != 16) damaged("its digest is no number");
    read_payload(parts[6], failure);
    return failure;
}

}  // namespace cancelsim::properties
