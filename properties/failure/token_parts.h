// What tokens are made of, whatever they name.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// The first part of every token that is written today.
inline constexpr std::string_view kNamedToken = "cs2";

/// Throw FailureError.
[[noreturn]] void damaged_token(std::string_view why);
[[noreturn]] void damaged_payload();

/// Takes what is before the next `separator` off the front of `text`; all of it where there is none.
std::string_view take_part(std::string_view& text, char separator);

/// The parts that `:` separates, as many as there must be. Throws FailureError.
template <std::size_t Count>
std::array<std::string_view, Count> parts_of_token(std::string_view token) {
    std::array<std::string_view, Count> parts;
    for (std::size_t i = 0; i < Count; ++i) {
        if (i != 0 && token.data() == parts[i - 1].data() + parts[i - 1].size()) damaged_token("it has too few parts");
        parts[i] = i + 1 < Count ? take_part(token, ':') : token;
    }
    return parts;
}

/// `ANYIO,PYTHON`, and the hash of each patch after another comma.
std::string library_part(const Library& library);
/// Reads it back. Throws FailureError where this version knows nothing of such a library.
Subject read_library_part(std::string_view text);

std::uint64_t read_digest_part(std::string_view text);

/// The bytes of a token's last part, taken off one after another. Whatever is amiss throws FailureError.
class Payload {
public:
    explicit Payload(std::string_view bytes) : bytes_(bytes) {}
    /// The bytes that `text`, in base64url, stands for.
    static std::string bytes_of(std::string_view text);

    bool empty() const { return bytes_.empty(); }
    std::uint64_t number(std::uint64_t most);
    std::string_view text();
    std::string_view rest() const { return bytes_; }

private:
    std::string_view bytes_;
};
void put_text(std::string& bytes, std::string_view text);

}  // namespace cancelsim::properties
