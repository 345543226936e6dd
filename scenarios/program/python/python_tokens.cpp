#include "scenarios/program/python/python_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "scenarios/program/case_json.h"
#include "scenarios/program/python/utf8.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array<std::string_view, 35> kKeywords{
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

/// Longest first: the first that fits is the token.
constexpr std::array<std::string_view, 45> kSymbols{
    "**=", "//=", ">>=", "<<=", "...", "!=", "->", "+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=",
    "^=",  "==",  "<=",  ">=",  ":=",  "**", "//", ">>", "<<", "(",  ")",  "[",  "]",  "{",  "}",
    ",",   ":",   ".",   ";",   "@",   "=",  "+",  "-",  "*",  "/",  "%",  "&",  "|",  "<",  ">"};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\f\r";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_name(char c) { return begins_name(c) || is_digit(c); }

class Tokenizer {
public:
    Tokenizer(std::string_view text, std::string_view file_name) : text_(text), file_name_(file_name) {}

    PythonTokens run() {
        if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
        check_bytes();
        while (at_ < text_.size()) {
            if (begins_line_ && !indentation()) continue;
            token();
        }
        if (!brackets_.empty()) fail(fmt::format("`{}` is never closed", brackets_.back()));
        if (!begins_line_) add(PythonTokenKind::newline);
        for (; indents_.size() > 1; indents_.pop_back()) add(PythonTokenKind::dedent);
        add(PythonTokenKind::end);
        return std::move(result_);
    }

private:
    [[noreturn]] void fail(std::string_view what) const { fail_python(file_name_, line_, what); }
    char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    std::string_view rest() const { return text_.substr(at_); }

    void check_bytes() {
        std::uint32_t line = 1;
        for (std::size_t at = 0; at < text_.size();) {
            const Utf8Character character = utf8_front(text_.substr(at));
            if (character.size == 0) fail_python(file_name_, line, "this is not UTF-8");
            if (character.code == 0) fail_python(file_name_, line, "a NUL is not part of the case language");
            if (character.code == '\r' && text_.substr(at + 1, 1) != "\n")
                fail_python(file_name_, line, "a CR without LF");
            if (character.code == '\n') ++line;
            at += character.size;
        }
    }

    PythonToken& add(PythonTokenKind kind, std::string text = {}) {
        PythonToken& token = result_.tokens.emplace_back();
        token.kind = kind;
        token.line = line_;
        token.text = std::move(text);
        return token;
    }

    /// Reads the blanks that a line begins with. False if the line holds nothing, and has been left.
    bool indentation() {
        const std::size_t end = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
        const std::string_view blanks = text_.substr(at_, end - at_);
        at_ = end;
        if (here() == '#') comment();
        if (at_ == text_.size()) return false;
        if (here() == '\n') {
            leave_line();
            return false;
        }
        if (blanks.find_first_not_of(' ') != std::string_view::npos) fail("a line is indented by spaces only");
        begins_line_ = false;
        if (blanks.size() > indents_.back()) {
            indents_.push_back(blanks.size());
            add(PythonTokenKind::indent);
        }
        for (; blanks.size() < indents_.back(); indents_.pop_back()) add(PythonTokenKind::dedent);
        if (blanks.size() != indents_.back()) fail("this indentation is that of no block around it");
        return true;
    }

    void leave_line() {
        ++at_;
        ++line_;
    }

    void comment() {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        if (result_.tokens.empty()) {
            const std::string_view content = text_.substr(at_ + 1, end - at_ - 1);
            const std::size_t begin = std::min(content.find_first_not_of(kBlanks), content.size());
            const std::size_t last = content.find_last_not_of(kBlanks);
            const std::size_t size = last == std::string_view::npos ? 0 : last + 1 - begin;
            result_.head.push_back({line_, std::string(content.substr(begin, size))});
        }
        at_ = end;
    }

    void token() {
        const char c = here();
        if (kBlanks.find(c) != std::string_view::npos) {
            ++at_;
        } else if (c == '#') {
            comment();
        } else if (c == '\n') {
            if (brackets_.empty()) {
                add(PythonTokenKind::newline);
                begins_line_ = true;
            }
            leave_line();
        } else if (begins_name(c)) {
            name();
        } else if (is_digit(c)) {
            number();
        } else if (c == '"' || c == '\'') {
            string();
        } else {
            symbol();
        }
    }

    void name() {
        const std::size_t begin = at_;
        while (in_name(here())) ++at_;
        const std::string_view text = text_.substr(begin, at_ - begin);
        if (here() == '"' || here() == '\'')
            fail(fmt::format("a string with the prefix `{}` is not part of the case language", text));
        add(PythonTokenKind::name, std::string(text));
    }

    void number() {
        const std::size_t begin = at_;
        while (in_name(here()) || here() == '.') ++at_;
        const std::string_view text = text_.substr(begin, at_ - begin);
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc::result_out_of_range) fail(fmt::format("the number {:.40} is out of range", text));
        const bool octal = text.size() > 1 && text[0] == '0';
        if (end != text.data() + text.size() || octal) fail(fmt::format("`{:.40}` is not a decimal integer", text));
        add(PythonTokenKind::number, std::string(text)).number = value;
    }

    void symbol() {
        const auto fits = [this](std::string_view symbol) { return rest().starts_with(symbol); };
        const auto found = std::find_if(kSymbols.begin(), kSymbols.end(), fits);
        if (found == kSymbols.end()) {
            const std::size_t size = utf8_front(rest()).size;
            fail(fmt::format("`{}` is not part of the case language", rest().substr(0, size)));
        }
        bracket((*found)[0]);
        add(PythonTokenKind::symbol, std::string(*found));
        at_ += found->size();
    }

    void bracket(char c) {
        constexpr std::string_view kOpening = "([{";
        constexpr std::string_view kClosing = ")]}";
        if (kOpening.find(c) != std::string_view::npos) brackets_.push_back(c);
        const std::size_t kind = kClosing.find(c);
        if (kind == std::string_view::npos) return;
        if (brackets_.empty() || brackets_.back() != kOpening[kind]) fail(fmt::format("`{}` closes nothing", c));
        brackets_.pop_back();
    }

    void string() {
        const char quote = here();
        const std::string three(3, quote);
        const bool is_long = rest().starts_with(three);
        const std::string_view ends = std::string_view(three).substr(0, is_long ? 3 : 1);
        const std::uint32_t begin = line_;
        at_ += ends.size();
        std::string value;
        while (!rest().starts_with(ends)) {
            if (at_ == text_.size() || (here() == '\n' && !is_long))
                fail_python(file_name_, begin, "a string is never closed");
            if (here() == '\\')
                escape(value);
            else
                character(value);
        }
        at_ += ends.size();
        add(PythonTokenKind::string, std::move(value)).line = begin;
    }

    void character(std::string& value) {
        // Python reads any end of line as LF.
        if (rest().starts_with("\r\n")) ++at_;
        value += here();
        if (here() == '\n') ++line_;
        ++at_;
    }

    void escape(std::string& value) {
        constexpr std::string_view kLetters = "\\'\"abfnrtv";
        constexpr std::string_view kValues = "\\'\"\a\b\f\n\r\t\v";
        ++at_;
        const char letter = here();
        if (const std::size_t known = kLetters.find(letter); known != std::string_view::npos && letter != '\0') {
            value += kValues[known];
            ++at_;
        } else if (letter == '\n') {
            leave_line();
        } else if (letter == 'x' || letter == 'u' || letter == 'U') {
            ++at_;
            append_utf8(value, digits(letter == 'x' ? 2 : letter == 'u' ? 4 : 8, 16));
        } else if (letter >= '0' && letter <= '7') {
            std::size_t count = 1;
            while (count < 3 && at_ + count < text_.size() && text_[at_ + count] >= '0' && text_[at_ + count] <= '7')
                ++count;
            append_utf8(value, digits(count, 8));
        } else {
            fail(fmt::format("the escape `\\{}` is not part of the case language",
                             rest().substr(0, letter == '\0' ? 0 : utf8_front(rest()).size)));
        }
    }

    std::uint32_t digits(std::size_t count, int base) {
        std::uint32_t code = 0;
        const std::string_view text = rest().substr(0, count);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code, base);
        if (error != std::errc{} || end != text.data() + text.size() || text.size() != count)
            fail(fmt::format("an escape needs {} digits here", count));
        if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) fail("an escape stands for no character");
        at_ += count;
        return code;
    }

    std::string_view text_;
    std::string_view file_name_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    bool begins_line_ = true;
    std::vector<std::size_t> indents_{0};
    std::string brackets_;
    PythonTokens result_;
};

}  // namespace

void fail_python(std::string_view file_name, std::uint32_t line, std::string_view what) {
    throw CaseError(fmt::format("{}:{}: {}", file_name, line, what));
}

PythonTokens python_tokens(std::string_view text, std::string_view file_name) {
    return Tokenizer(text, file_name).run();
}

std::string python_quoted(std::string_view text) {
    std::string quoted = "\"";
    while (!text.empty()) {
        Utf8Character character = utf8_front(text);
        if (character.size == 0) character = {0xFFFD, 1};
        text.remove_prefix(character.size);
        if (character.code == '"' || character.code == '\\')
            quoted += {'\\', static_cast<char>(character.code)};
        else if (character.code == '\n')
            quoted += "\\n";
        else if (character.code >= 0x20 && character.code < 0x7F)
            quoted += static_cast<char>(character.code);
        else if (character.code < 0x100)
            quoted += fmt::format("\\x{:02x}", character.code);
        else if (character.code < 0x10000)
            quoted += fmt::format("\\u{:04x}", character.code);
        else
            quoted += fmt::format("\\U{:08x}", character.code);
    }
    return quoted + '"';
}

bool is_python_keyword(std::string_view text) {
    return std::find(kKeywords.begin(), kKeywords.end(), text) != kKeywords.end();
}

bool is_python_identifier(std::string_view text) {
    return !text.empty() && begins_name(text[0]) && std::all_of(text.begin(), text.end(), in_name) &&
           !is_python_keyword(text);
}

}  // namespace cancelsim::scenarios
