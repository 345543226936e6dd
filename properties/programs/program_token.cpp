#include <fmt/format.h>

#include <algorithm>

#include "properties/failure/base64url.h"
#include "properties/failure/token_parts.h"
#include "properties/programs/program_failure.h"
#include "scenarios/program/case_code.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kProgram = "program";

/// A program's questions have no names of a case: every member is written.
void put_deviation(std::string& bytes, const sim::Deviation& deviation) {
    const sim::Question& question = deviation.question;
    for (const std::uint64_t number :
         {static_cast<std::uint64_t>(question.kind), static_cast<std::uint64_t>(question.set),
          static_cast<std::uint64_t>(question.owner), static_cast<std::uint64_t>(question.binding), question.at,
          static_cast<std::uint64_t>(question.nth), static_cast<std::uint64_t>(question.position),
          static_cast<std::uint64_t>(deviation.answer)})
        scenarios::put_number(bytes, number);
}

sim::Deviation take_deviation(Payload& payload) {
    const auto number = [&] { return static_cast<std::uint32_t>(payload.number(UINT32_MAX)); };
    sim::Deviation deviation;
    sim::Question& question = deviation.question;
    question.kind = static_cast<sim::ChoiceKind>(payload.number(sim::kChoiceKinds - 1));
    question.set = static_cast<std::uint8_t>(payload.number(UINT8_MAX));
    question.owner = number();
    question.binding = number();
    question.at = payload.number(UINT64_MAX);
    question.nth = number();
    question.position = number();
    deviation.answer = number();
    if (deviation.answer == 0) damaged_payload();
    return deviation;
}

}  // namespace

std::string to_token(const ProgramFailure& failure) {
    std::string bytes;
    put_text(bytes, failure.program.path);
    put_text(bytes, failure.program.function);
    put_text(bytes, failure.program.hash);
    scenarios::put_number(bytes, failure.schedule.asked);
    scenarios::put_number(bytes, failure.schedule.deviations.size());
    for (const sim::Deviation& deviation : failure.schedule.deviations) put_deviation(bytes, deviation);
    return fmt::format("{}:{},{}:{}:{}:{}", kNamedToken, kProgram, library_part(*failure.config.library),
                       failure.contract, digest_text(failure.digest), to_base64url(bytes));
}

bool holds_program_token(std::string_view text) {
    const auto token = find_token(text);
    return token && token->starts_with(fmt::format("{}:{},", kNamedToken, kProgram));
}

ProgramFailure program_failure_of(std::string_view text) {
    const std::string_view token = find_token(text).value();
    const auto parts = parts_of_token<5>(token);
    std::string_view subject = parts[1];
    take_part(subject, ',');
    ProgramFailure failure;
    failure.config = read_library_part(subject);
    failure.contract = parts[2];
    failure.digest = read_digest_part(parts[3]);
    const std::string bytes = Payload::bytes_of(parts[4]);
    Payload payload(bytes);
    failure.program.path = payload.text();
    failure.program.function = payload.text();
    failure.program.hash = payload.text();
    failure.schedule.asked = static_cast<sim::ChoiceKinds>(payload.number(sim::kAllKinds));
    const std::uint64_t deviations = payload.number(UINT32_MAX);
    for (std::uint64_t i = 0; i < deviations; ++i) failure.schedule.deviations.push_back(take_deviation(payload));
    if (!payload.empty()) damaged_payload();
    if (!sim::is_sorted(failure.schedule.deviations)) damaged_payload();
    if (to_token(failure) != token) damaged_token("it is not as a token is written");
    return failure;
}

}  // namespace cancelsim::properties
