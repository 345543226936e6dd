#include "scenarios/generate/small_programs.h"

#include <array>
#include <cassert>
#include <vector>

#include "scenarios/generate/small_scope.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array<std::string_view, 3> kAlphabetNames{"scopes", "objects", "native"};

constexpr Name kMain = 0;
constexpr std::array<Name, 2> kTasks{1, 2};
constexpr Name kGroup = 3;
constexpr Name kObject = 4;
constexpr Name kError = 5;
constexpr Name kFirstBound = 6;  ///< the names of timeouts, groups and scopes: one for each statement that binds one
constexpr std::uint32_t kMostBound = kMostSmallStatements;

/// What may stand anywhere.
struct Letter {
    Statement statement;
    bool is_block = false;
    bool ends_block = false;  ///< nothing that follows it in its block ever runs
    bool binds = false;       ///< its name is new
    bool in_group = false;    ///< it names the asyncio group around it, and there must be one
    bool awaits = false;      ///< it waits for the first of kTasks: a circle is no part of the specification
};

using Letters = std::vector<Letter>;

Letter plain(Op op, Name name = kNoName, std::int64_t number = 0) {
    return {.statement = {.op = op, .name = name, .number = number}};
}

void add_common(Letters& letters) {
    letters.push_back(plain(Op::checkpoint));
    letters.push_back(plain(Op::cancel, kGroup));
    for (const Name task : {kMain, kTasks[0], kTasks[1]}) letters.push_back(plain(Op::native_cancel, task));
}

bool is_condition(ObjectKind kind) { return kind == ObjectKind::condition || kind == ObjectKind::asyncio_condition; }
bool is_channel(ObjectKind kind) { return kind == ObjectKind::stream || kind == ObjectKind::asyncio_queue; }

Letters letters_of(ObjectKind kind) {
    Letters letters;
    add_common(letters);
    if (is_channel(kind)) {
        for (const Op op : {Op::send, Op::receive, Op::send_nowait, Op::receive_nowait})
            letters.push_back(plain(op, kObject));
        if (kind == ObjectKind::stream)
            for (const Op op : {Op::close_send, Op::close_receive}) letters.push_back(plain(op, kObject));
        return letters;
    }
    letters.push_back({.statement = {.op = Op::hold, .name = kObject}, .is_block = true});
    letters.push_back(plain(Op::acquire, kObject));
    letters.push_back(plain(Op::release, kObject));
    if (is_condition(kind)) {
        letters.push_back(plain(Op::wait, kObject));
        letters.push_back({.statement = {.op = Op::notify, .has_number = true, .name = kObject, .number = 1}});
    }
    if (kind == ObjectKind::limiter)
        for (const std::int64_t tokens : {1, 2}) letters.push_back(plain(Op::set_tokens, kObject, tokens));
    return letters;
}

ObjectSpec object_of(ObjectKind kind) {
    ObjectSpec object{.name = kObject, .kind = kind};
    if (kind != ObjectKind::lock && kind != ObjectKind::asyncio_lock && !is_condition(kind)) object.amount = 1;
    if (kind == ObjectKind::stream) object.amount = 0;
    return object;
}

Letters letters_of_native() {
    Letters letters;
    add_common(letters);
    letters.push_back(plain(Op::sleep, kNoName, 1));
    letters.push_back({.statement = {.op = Op::raise, .name = kError}, .ends_block = true});
    for (const std::int64_t delay : {0, 1})
        letters.push_back({.statement = {.op = Op::asyncio_timeout, .has_number = true, .number = delay},
                           .is_block = true,
                           .binds = true});
    letters.push_back({.statement = {.op = Op::asyncio_group}, .is_block = true, .binds = true});
    letters.push_back({.statement = {.op = Op::create_task}, .is_block = true, .in_group = true});
    letters.push_back({.statement = {.op = Op::await_task, .name = kTasks[0]}, .awaits = true});
    letters.push_back({.statement = {.op = Op::shield, .task = kTasks[0]}, .awaits = true});
    letters.push_back(
        {.statement = {.op = Op::wait_for, .has_number = true, .task = kTasks[0], .number = 1}, .awaits = true});
    return letters;
}

/// Goes through the cases of one list of letters.
class SmallPrograms {
public:
    SmallPrograms(const Letters& letters, std::optional<ObjectSpec> object, std::uint32_t statements,
                  const std::function<bool(Case&)>& visit)
        : letters_(letters), visit_(visit), left_(statements) {
        program_.names = {"main", "t0", "t1", "g0", "x0", "E0"};
        for (std::uint32_t i = 0; i < kMostBound; ++i) program_.names.push_back("n" + std::to_string(i));
        for (std::uint32_t i = 0; i < kMostBound; ++i) program_.names.push_back("c" + std::to_string(i));
        if (object) program_.objects = {*object};
    }

    /// Whether to go on.
    bool run() {
        program_.statements = {{.op = Op::group, .name = kGroup}};
        begin_task();
        return !stopped_;
    }

private:
    std::vector<Statement>& statements() { return program_.statements; }

    /// The next of the three tasks begins; `main` comes last.
    void begin_task() {
        if (task_ == kTasks.size()) return extend(false);
        open_.push_back(statements().size());
        statements().push_back({.op = Op::spawn, .name = kGroup, .task = kTasks[task_]});
        extend(false);
        statements().pop_back();
        open_.pop_back();
    }

    /// Adds each letter that may come next, or ends the innermost block, or the task. `ended`: nothing that follows in
    /// this block would run.
    void extend(bool ended) {
        if (stopped_) return;
        if (!ended && left_ > 0)
            for (const Letter& letter : letters_) add(letter);
        close();
    }

    void add(const Letter& letter) {
        if (letter.awaits && task_ == 0) return;  // it is that task
        const Name group = letter.in_group ? asyncio_group() : kNoName;
        if (letter.in_group && group == kNoName) return;
        Statement statement = letter.statement;
        if (letter.in_group) {
            statement.name = group;
            statement.task = kFirstBound + kMostBound + children_++;
        }
        if (letter.binds) statement.name = kFirstBound + bound_++;
        --left_;
        const std::size_t at = statements().size();
        statements().push_back(statement);
        if (letter.is_block) open_.push_back(at);
        extend(letter.ends_block);
        if (letter.is_block) open_.pop_back();
        statements().pop_back();
        ++left_;
        if (letter.binds) --bound_;
        if (letter.in_group) --children_;
    }

    Name asyncio_group() const {
        for (std::size_t i = open_.size(); i-- > 0;)
            if (program_.statements[open_[i]].op == Op::asyncio_group) return program_.statements[open_[i]].name;
        return kNoName;
    }

    void close() {
        const bool in_task = task_ < kTasks.size();
        if (open_.empty() || (!in_task && open_.empty())) {
            if (left_ == 0 && !in_task) finish();
            return;
        }
        const std::size_t at = open_.back();
        const std::uint32_t size = static_cast<std::uint32_t>(statements().size() - at);
        const bool is_task = statements()[at].op == Op::spawn;
        // A task that does nothing is as none.
        if (is_task && size == 1) return;
        statements()[at].size = size;
        open_.pop_back();
        if (is_task) {
            ++task_;
            begin_task();
            --task_;
        } else {
            extend(false);
        }
        open_.push_back(at);
        statements()[at].size = 1;
    }

    void finish() {
        program_.main_end = static_cast<std::uint32_t>(statements().size());
        statements().front().size = program_.main_end;
        if (!visit_(program_)) stopped_ = true;
    }

    const Letters& letters_;
    const std::function<bool(Case&)>& visit_;
    std::uint32_t left_;
    Case program_;
    std::vector<std::size_t> open_;  ///< the blocks around, without the group
    std::size_t task_ = 0;           ///< which of the tasks is written
    std::uint32_t bound_ = 0;
    std::uint32_t children_ = 0;
    bool stopped_ = false;
};

}  // namespace

std::string_view name_of(Alphabet alphabet) { return kAlphabetNames[static_cast<std::size_t>(alphabet)]; }

std::optional<Alphabet> find_alphabet(std::string_view name) {
    for (std::size_t i = 0; i < kAlphabetNames.size(); ++i)
        if (kAlphabetNames[i] == name) return static_cast<Alphabet>(i);
    return std::nullopt;
}

void for_each_small_program(Alphabet alphabet, std::uint32_t statements, const std::function<bool(Case&)>& visit) {
    assert(statements <= kMostSmallStatements);
    switch (alphabet) {
        case Alphabet::scopes: return for_each_small_case(statements, visit);
        case Alphabet::objects:
            for (int i = 0; i < kObjectKinds; ++i) {
                const auto kind = static_cast<ObjectKind>(i);
                const Letters letters = letters_of(kind);
                if (!SmallPrograms(letters, object_of(kind), statements, visit).run()) return;
            }
            return;
        case Alphabet::native: {
            const Letters letters = letters_of_native();
            SmallPrograms(letters, std::nullopt, statements, visit).run();
            return;
        }
    }
}

}  // namespace cancelsim::scenarios
