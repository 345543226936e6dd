#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "properties/failure/base64url.h"
#include "properties/failure/choice_words.h"
#include "properties/failure/failure.h"
#include "properties/failure/numbered.h"
#include "properties/failure/subject_words.h"
#include "properties/failure/token_parts.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/case_code.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kNumbered = "cs1";
/// More deviations than a run can have: a bound on what a damaged token can ask for.
constexpr std::uint64_t kMostDeviations = 1 << 20;

std::string subject_text(const Subject& config) {
    if (const Library* library = config.library.get()) return fmt::format("{},{}", kLibrary, library_part(*library));
    std::string text =
        fmt::format("{},{},{},{}", kModel, config.version->name, config.policy->name, config.python->name);
    for (const bool fixes : {false, true})
        for (const std::string& name : switches_of(config, fixes)) text += "," + name;
    return text;
}

void put_deviation(std::string& bytes, const scenarios::Case& program, const sim::Deviation& deviation) {
    const sim::Question& question = deviation.question;
    bytes += static_cast<char>(question.kind);
    if (question.kind == sim::ChoiceKind::set_order) {
        const std::string name = question.owner == 0 ? "" : program.names[question.owner - 1];
        put_text(bytes, name);
    }
    for (const QuestionNumber& number : numbers_of(question.kind)) scenarios::put_number(bytes, number.get(question));
    scenarios::put_number(bytes, deviation.answer);
}

std::string payload_of(const Failure& failure) {
    const std::string program = scenarios::encode_case(failure.program);
    std::string bytes;
    put_text(bytes, program);
    scenarios::put_number(bytes, failure.schedule.asked);
    for (const sim::Deviation& deviation : in_written_order(failure.program, failure.schedule.deviations))
        put_deviation(bytes, failure.program, deviation);
    return to_base64url(bytes);
}

scenarios::Case program_of(std::string_view bytes) {
    auto program = scenarios::decode_case(bytes);
    if (!program) damaged_payload();
    return std::move(*program);
}

void read_named(std::string_view bytes, Failure& failure) {
    Payload payload(bytes);
    failure.program = program_of(payload.text());
    std::map<std::string_view, std::uint32_t> owners;
    for (std::size_t i = 0; i < failure.program.names.size(); ++i)
        owners.emplace(failure.program.names[i], static_cast<std::uint32_t>(i + 1));
    failure.schedule.asked = static_cast<sim::ChoiceKinds>(payload.number(sim::kAllKinds));
    auto& deviations = failure.schedule.deviations;
    while (!payload.empty()) {
        sim::Deviation& deviation = deviations.emplace_back();
        deviation.question.kind = static_cast<sim::ChoiceKind>(payload.number(sim::kChoiceKinds - 1));
        if (deviation.question.kind == sim::ChoiceKind::set_order) {
            const std::string_view name = payload.text();
            const auto owner = owners.find(name);
            if (!name.empty() && owner == owners.end()) damaged_payload();
            deviation.question.owner = name.empty() ? 0 : owner->second;
        }
        for (const QuestionNumber& number : numbers_of(deviation.question.kind))
            number.set(deviation.question, payload.number(number.most));
        deviation.answer = static_cast<std::uint32_t>(payload.number(UINT32_MAX));
        if (deviation.answer == 0) damaged_payload();
    }
    std::sort(deviations.begin(), deviations.end(), sim::by_question);
    if (!sim::is_sorted(deviations)) damaged_payload();
}

void read_numbered(std::string_view bytes, Failure& failure) {
    Payload payload(bytes);
    const auto asked = static_cast<sim::ChoiceKinds>(payload.number(sim::kAdversarialKinds));
    const std::uint64_t count = payload.number(kMostDeviations);
    std::vector<sim::NumberedDeviation> deviations;
    std::uint64_t question = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t step = payload.number(UINT32_MAX);
        question += step;
        if ((i != 0 && step == 0) || question > UINT32_MAX) damaged_payload();
        deviations.push_back(
            {static_cast<std::uint32_t>(question), static_cast<std::uint32_t>(payload.number(UINT32_MAX))});
    }
    failure.program = program_of(payload.rest());
    failure.schedule = named(failure.config, failure.program, asked, deviations);
}

void read_release(std::string_view anyio, std::string_view policy, std::string_view python, model::Config& config) {
    if (!set(config, Named::anyio, anyio)) throw FailureError(fmt::format("token: unknown anyio '{}'", anyio));
    if (!set(config, Named::policy, policy)) throw FailureError(fmt::format("token: unknown policy '{}'", policy));
    if (!set(config, Named::python, python)) throw FailureError(fmt::format("token: unknown python '{}'", python));
}

/// `NAME`s, each with `separator` after it but the last.
void read_switches(std::string_view text, char separator, model::Config& config) {
    while (!text.empty()) {
        const auto name = take_part(text, separator);
        if (!set(config, Named::bug, name) && !set(config, Named::fix, name))
            throw FailureError(fmt::format("token: unknown switch '{}'", name));
    }
}

Failure from_numbered(std::string_view token) {
    const auto parts = parts_of_token<7>(token);
    Failure failure;
    std::string_view switches = parts[2];
    const auto policy = take_part(switches, '+');
    read_release(parts[1], policy, parts[3], failure.config);
    read_switches(switches, '+', failure.config);
    failure.contract = parts[4];
    failure.digest = read_digest_part(parts[5]);
    read_numbered(Payload::bytes_of(parts[6]), failure);
    return failure;
}

/// What follows `model`.
model::Config read_model(std::string_view text) {
    model::Config config;
    const auto anyio = take_part(text, ',');
    const auto policy = take_part(text, ',');
    const auto python = take_part(text, ',');
    read_release(anyio, policy, python, config);
    read_switches(text, ',', config);
    return config;
}

Failure from_named(std::string_view token) {
    const auto parts = parts_of_token<5>(token);
    std::string_view subject = parts[1];
    const auto kind = take_part(subject, ',');
    Failure failure;
    if (kind == kModel)
        failure.config = read_model(subject);
    else if (kind == kLibrary)
        failure.config = read_library_part(subject);
    else
        throw FailureError(fmt::format("token: its subject '{}' is none that this version runs", kind));
    failure.contract = parts[2];
    failure.digest = read_digest_part(parts[3]);
    read_named(Payload::bytes_of(parts[4]), failure);
    if (to_token(failure) != token) damaged_token("it is not as a token is written");
    return failure;
}

}  // namespace

std::string digest_text(std::uint64_t digest) { return fmt::format("{:016x}", digest); }

std::string to_token(const Failure& failure) {
    return fmt::format("{}:{}:{}:{}:{}", kNamedToken, subject_text(failure.config), failure.contract,
                       digest_text(failure.digest), payload_of(failure));
}

std::optional<std::string_view> find_token(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n\v\f";
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
        if (text.empty()) return std::nullopt;
        const auto word = text.substr(0, text.find_first_of(kBlank));
        if (word.starts_with("cs1:") || word.starts_with("cs2:")) return word;
        text.remove_prefix(word.size());
    }
}

Failure from_token(std::string_view token) {
    const auto version = token.substr(0, token.find(':'));
    if (version == kNamedToken) return from_named(token);
    if (version == kNumbered) return from_numbered(token);
    damaged_token(fmt::format("it begins with '{}', not '{}' or '{}'", version, kNamedToken, kNumbered));
}

}  // namespace cancelsim::properties
