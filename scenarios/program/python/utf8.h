// UTF-8, one character at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cancelsim::scenarios {

/// A character and the bytes that it takes; `size` is 0 where the text does not go on with one.
struct Utf8Character {
    std::uint32_t code = 0;
    std::size_t size = 0;
};

/// The character that `text` begins with: shortest form only, no surrogates. `text` is not empty.
Utf8Character utf8_front(std::string_view text);

/// A code point that is no surrogate and at most U+10FFFF.
void append_utf8(std::string& text, std::uint32_t code);

}  // namespace cancelsim::scenarios
