#include "scenarios/program/case_code.h"

#include <map>

#include "scenarios/program/case_check.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {

/// More of anything than a person or a generator writes: a bound on what a damaged token can ask
/// for.
constexpr std::uint64_t kMost = 1 << 20;

enum : std::uint64_t {
    kFlag = 1 << 4,
    kHasNumber = 1 << 5,
    kCancelFirst = 1 << 6,
    kHasFinally = 1 << 7,
    kName = 1 << 8,
    kTask = 1 << 9,
    kNumber = 1 << 10,
    kWordShift = 11,  ///< four bits
};

std::uint64_t zigzag(std::int64_t number) {
    return number < 0 ? (static_cast<std::uint64_t>(-(number + 1)) << 1) | 1 : static_cast<std::uint64_t>(number) << 1;
}
std::int64_t unzigzag(std::uint64_t code) {
    const auto half = static_cast<std::int64_t>(code >> 1);
    return (code & 1) != 0 ? -half - 1 : half;
}

class Encoder {
public:
    explicit Encoder(const Case& program) : program_(program) {}

    std::string run() {
        // First, so that they are the first names again.
        for (const ObjectSpec& object : program_.object_list()) index_of(program_.names[object.name]);
        put_number(body_, program_.statements.size());
        put_number(body_, program_.main_end);
        for (const Statement& statement : program_.statements) add(statement);
        put_number(body_, program_.environment.size());
        for (const EnvironmentEntry& entry : program_.environment) {
            put_number(body_, static_cast<std::uint64_t>(entry.when) << 1 | (entry.at_iteration ? 1 : 0));
            put_number(body_, entry.end - entry.begin);
        }
        add(program_.stubborn);
        add(program_.plain_futures);
        put_number(body_, static_cast<std::uint64_t>(program_.budget));
        if (program_.objects) add_objects();
        std::string bytes;
        put_number(bytes, names_.size());
        for (const std::string& name : names_) {
            put_number(bytes, name.size());
            bytes += name;
        }
        return bytes + body_;
    }

private:
    void add_name(Name name) { put_number(body_, index_of(program_.names[name])); }
    void add(const std::vector<Name>& names) {
        put_number(body_, names.size());
        for (const Name name : names) add_name(name);
    }
    void add(const Statement& statement) {
        body_ += static_cast<char>(statement.op);
        std::uint64_t bits = static_cast<std::uint64_t>(statement.catches) | static_cast<std::uint64_t>(statement.then)
                                                                                 << 2;
        if (statement.flag) bits |= kFlag;
        if (statement.has_number) bits |= kHasNumber;
        if (statement.cancel_first) bits |= kCancelFirst;
        if (statement.has_finally) bits |= kHasFinally;
        if (statement.name != kNoName) bits |= kName;
        if (statement.task != kNoName) bits |= kTask;
        if (statement.number != 0) bits |= kNumber;
        bits |= static_cast<std::uint64_t>(statement.word) << kWordShift;
        put_number(body_, bits);
        const Fields& fields = *type_of(statement.op).fields;
        if (fields.parts() > 0) put_number(body_, statement.size);
        if (fields.parts() > 1) {
            put_number(body_, statement.handler);
            put_number(body_, statement.finally);
        }
        if (fields.has_list()) {
            put_number(body_, statement.finally);
            for (const Name name : program_.list_of(statement)) add_name(name);
        }
        if (statement.name != kNoName) add_name(statement.name);
        if (statement.task != kNoName) add_name(statement.task);
        if (statement.number != 0) put_number(body_, zigzag(statement.number));
    }
    /// Last, and only where the case has any: a case without them has the code that it always had.
    void add_objects() {
        put_number(body_, program_.objects->size());
        for (const ObjectSpec& object : *program_.objects) {
            put_number(body_, static_cast<std::uint64_t>(object.kind));
            add_name(object.name);
            put_number(body_, (object.fast_acquire ? 1U : 0U) | (object.lock != kNoName ? 2U : 0U));
            put_number(body_, zigzag(object.amount));
            put_number(body_, zigzag(object.max_value));
            if (object.lock != kNoName) add_name(object.lock);
        }
    }
    std::size_t index_of(const std::string& name) {
        const auto [known, is_new] = indices_.emplace(name, names_.size());
        if (is_new) names_.push_back(name);
        return known->second;
    }

    const Case& program_;
    std::vector<std::string> names_;
    std::map<std::string_view, std::size_t> indices_;  ///< of the names of the program that are among them
    std::string body_;
};

/// Reads what Encoder wrote; `failed` once anything was amiss, and then only zeros.
class Decoder {
public:
    explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

    std::optional<Case> run() {
        Case program;
        program.name = "case";
        const std::uint64_t names = number(kMost);
        for (std::uint64_t i = 0; i < names && !failed_; ++i) program.names.push_back(text());
        name_count_ = names;
        const std::uint64_t statements = number(kMost);
        program.main_end = static_cast<std::uint32_t>(number(kMost));
        for (std::uint64_t i = 0; i < statements && !failed_; ++i)
            program.statements.push_back(statement(program.lists));
        const std::uint64_t entries = number(kMost);
        std::uint64_t begin = program.main_end;
        for (std::uint64_t i = 0; i < entries && !failed_; ++i) {
            const std::uint64_t when = number(UINT64_MAX >> 1);
            const std::uint64_t end = begin + number(kMost);
            program.environment.push_back({(when & 1) != 0, static_cast<std::int64_t>(when >> 1),
                                           static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
            begin = end;
        }
        program.stubborn = name_list();
        program.plain_futures = name_list();
        program.budget = static_cast<std::int64_t>(number(static_cast<std::uint64_t>(kNumberLimit)));
        if (!bytes_.empty()) read_objects(program.objects.emplace());
        if (failed_ || !bytes_.empty() || !why_invalid(program).empty()) return std::nullopt;
        return program;
    }

private:
    std::uint64_t number(std::uint64_t most) {
        const auto taken = failed_ ? std::nullopt : take_number(bytes_);
        if (!taken || *taken > most) {
            failed_ = true;
            return 0;
        }
        return *taken;
    }
    std::string text() {
        const std::uint64_t size = number(kMost);
        if (size > bytes_.size()) failed_ = true;
        if (failed_) return {};
        std::string taken(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
        return taken;
    }
    Name name() { return name_count_ == 0 ? (failed_ = true, 0) : static_cast<Name>(number(name_count_ - 1)); }
    std::vector<Name> name_list() {
        std::vector<Name> names;
        const std::uint64_t count = number(kMost);
        for (std::uint64_t i = 0; i < count && !failed_; ++i) names.push_back(name());
        return names;
    }
    void read_objects(std::vector<ObjectSpec>& objects) {
        for (std::uint64_t count = number(kMost); count > 0 && !failed_; --count) {
            ObjectSpec& object = objects.emplace_back();
            object.kind = static_cast<ObjectKind>(number(kObjectKinds - 1));
            object.name = name();
            const std::uint64_t bits = number(3);
            object.fast_acquire = (bits & 1) != 0;
            object.amount = unzigzag(number(UINT64_MAX));
            object.max_value = unzigzag(number(UINT64_MAX));
            if ((bits & 2) != 0) object.lock = name();
        }
    }
    Statement statement(std::vector<Name>& lists) {
        Statement read;
        const std::uint64_t op = number(kOps - 1);
        read.op = static_cast<Op>(op);
        const std::uint64_t bits = number(UINT64_MAX);
        read.catches = static_cast<Catch>(bits & 3);
        read.then = static_cast<Then>(bits >> 2 & 3);
        if (read.then > Then::raise_cancelled) failed_ = true;
        read.flag = (bits & kFlag) != 0;
        read.has_number = (bits & kHasNumber) != 0;
        read.cancel_first = (bits & kCancelFirst) != 0;
        read.has_finally = (bits & kHasFinally) != 0;
        read.word = bits >> kWordShift & 15;
        const Fields& fields = *type_of(read.op).fields;
        if (fields.parts() > 0) read.size = static_cast<std::uint32_t>(number(kMost));
        if (fields.parts() > 1) {
            read.handler = static_cast<std::uint32_t>(number(kMost));
            read.finally = static_cast<std::uint32_t>(number(kMost));
        }
        if (fields.has_list()) {
            read.handler = static_cast<std::uint32_t>(lists.size());
            for (const Name name : name_list()) lists.push_back(name);
            read.finally = static_cast<std::uint32_t>(lists.size()) - read.handler;
        }
        if ((bits & kName) != 0) read.name = name();
        if ((bits & kTask) != 0) read.task = name();
        if ((bits & kNumber) != 0) read.number = unzigzag(number(UINT64_MAX));
        return read;
    }

    std::string_view bytes_;
    std::uint64_t name_count_ = 0;
    bool failed_ = false;
};

}  // namespace

std::string encode_case(const Case& program) { return Encoder(program).run(); }

std::optional<Case> decode_case(std::string_view bytes) { return Decoder(bytes).run(); }

void put_number(std::string& bytes, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(0x80 | (number & 0x7F));
    bytes += static_cast<char>(number);
}

std::optional<std::uint64_t> take_number(std::string_view& bytes) {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (bytes.empty()) return std::nullopt;
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        if (shift == 63 && byte > 1) return std::nullopt;
        number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return number;
    }
    return std::nullopt;
}

}  // namespace cancelsim::scenarios
