#include "properties/failure/token_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "properties/failure/base64url.h"
#include "properties/failure/subject_words.h"
#include "scenarios/program/case_code.h"

namespace cancelsim::properties {

void damaged_token(std::string_view why) {
    throw FailureError(fmt::format("token: {}: not a token of cancelsim, or not the whole of it", why));
}

void damaged_payload() { damaged_token("its last part is damaged"); }

std::string_view take_part(std::string_view& text, char separator) {
    const auto part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

std::string library_part(const Library& library) {
    std::string text = fmt::format("{},{}", library.anyio.empty() ? kNone : library.anyio, library.python);
    for (const std::string& hash : library.patches) text += "," + hash;
    return text;
}

Subject read_library_part(std::string_view text) {
    auto library = std::make_shared<Library>();
    library->anyio = take_part(text, ',');
    if (library->anyio == kNone) library->anyio.clear();
    library->python = take_part(text, ',');
    while (!text.empty()) library->patches.emplace_back(take_part(text, ','));
    const auto config = config_of(*library);
    if (!config)
        throw FailureError(
            fmt::format("token: it was found on {}, of which this version knows nothing", library_text(*library)));
    return {*config, std::move(library)};
}

std::uint64_t read_digest_part(std::string_view text) {
    std::uint64_t digest = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, digest, 16);
    if (read.ec != std::errc{} || read.ptr != end || text.size() != 16) damaged_token("its digest is no number");
    return digest;
}

std::string Payload::bytes_of(std::string_view text) {
    auto bytes = from_base64url(text);
    if (!bytes) damaged_payload();
    return std::move(*bytes);
}

std::uint64_t Payload::number(std::uint64_t most) {
    const auto taken = scenarios::take_number(bytes_);
    if (!taken || *taken > most) damaged_payload();
    return *taken;
}

std::string_view Payload::text() {
    const std::uint64_t size = number(bytes_.size());
    if (size > bytes_.size()) damaged_payload();
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
}

void put_text(std::string& bytes, std::string_view text) {
    scenarios::put_number(bytes, text.size());
    bytes += text;
}

}  // namespace cancelsim::properties
