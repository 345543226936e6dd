// Appends random statements to a case: what the grammar (generator.cpp) and the motifs (generator_motifs.cpp) share.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>

#include "scenarios/generate/generator.h"
#include "scenarios/program/statement_type.h"
#include "sim/random.h"

namespace cancelsim::scenarios {

/// One case under construction. Blocks are written inside out as nested calls, so that what is written is always valid:
/// sizes and offsets are filled in when a block's call ends. Names are handed out in order and references mostly mean
/// what is bound and alive where they stand, since a reference to nothing is a statement that does nothing.
class ProgramBuilder {
public:
    ProgramBuilder(Profile profile, std::uint64_t seed, Case& into);

    sim::Random random;
    const Profile profile;

    /// How many more statements the case wants; motifs overdraw it by a few.
    int left = 0;
    /// Blocks around the statement that is written next, those of the tasks that spawned its task included.
    int depth = 0;

    struct ScopeOptions {
        bool shield = false;
        bool has_deadline = false;
        std::int64_t deadline = 0;
        bool cancel_first = false;
    };
    /// What a `try` catches, and what then. Braces, unlike parentheses, fix the order in which two of its numbers are
    /// drawn.
    struct Caught {
        Catch catches;
        Then then;
    };
    /// A statement of the environment, or one that could be.
    struct Deed {
        Op op;
        Name name;
        bool flag = false;
        bool has_number = false;
        std::int64_t number = 0;
    };

    // Statements.

    void add(Op op, Name name = kNoName, std::int64_t number = 0);
    /// Any, whole; not a block.
    void add(const Statement& statement);
    /// `statement`, which is added next, with its list of names.
    Statement with_list(Statement statement, std::span<const Name> names);
    /// One with a second name.
    void add_two(Op op, Name name, Name second);
    /// `n` is 0 for all.
    void notify(Name condition, std::int64_t n);
    void set_deadline(Name scope, std::int64_t in);
    void set_shield(Name scope, bool value);
    /// Enters a new scope or group by hand, and returns its name.
    Name enter(const ScopeOptions& options);
    Name group_enter();
    /// A random awaiting statement.
    void wait();
    /// A random one that parks the task on a waiter.
    void park();
    void sleep() { add(Op::sleep, kNoName, small()); }

    // Blocks. `body` writes what is inside; it gets the block's name where there is one.

    template <class Body>
    void scope(const ScopeOptions& options, Body body) {
        const Name name = new_scope();
        const std::uint32_t at = open(Op::scope, name);
        Statement& statement = program_.statements[at];
        statement.flag = options.shield;
        statement.has_number = options.has_deadline;
        statement.number = options.has_deadline ? options.deadline : 0;
        statement.cancel_first = options.cancel_first;
        inside(name, at, body);
    }
    /// `deadline` is the delay.
    template <class Body>
    void fail_after(const ScopeOptions& options, Body body) {
        const Name name = new_scope();
        const std::uint32_t at = open(Op::fail_after, name, options.deadline);
        program_.statements[at].flag = options.shield;
        inside(name, at, body);
    }
    template <class Body>
    void group(Body body) {
        const Name name = new_group();
        inside(name, open(Op::group, name), body);
    }
    /// A scope, a group or a fail_after.
    template <class Body>
    void any_scope(Body body) {
        const std::uint32_t kind = random.below(8);
        if (kind < 4)
            scope(random_options(), body);
        else if (kind < 7)
            group(body);
        else
            fail_after({.shield = random.chance(1, 8), .deadline = small()}, body);
    }
    /// `op` is spawn, start or spawn_detached (which has no group). `body` gets the task's name.
    template <class Body>
    void child(Op op, Name group_name, Body body) {
        const Context outer = context_;
        const Name name = new_task();
        const std::uint32_t at = open(op, group_name);
        program_.statements[at].task = name;
        context_.task = name;
        context_.by_start = op == Op::start;
        context_.own_from = context_.enclosing;
        context_.loops = 0;
        ++depth;
        body(name);
        --depth;
        context_ = outer;
        close(at);
    }
    /// In a new scope or group, or now and then in the one that this task is in.
    template <class Body>
    void in_some_scope(Body body) {
        const Name own = own_scope();
        if (own != kNoName && random.chance(1, 4))
            body(own);
        else
            any_scope(body);
    }
    template <class Body, class Handler>
    void attempt(const Caught& caught, Body body, Handler handler) {
        const std::uint32_t at = open_try(caught);
        ++depth;
        body();
        begin_handler(at);
        handler();
        --depth;
        close(at);
    }
    template <class Body>
    void attempt(const Caught& caught, Body body) {
        attempt(caught, body, [] {});
    }
    template <class Body, class Handler, class Finally>
    void attempt(const Caught& caught, Body body, Handler handler, Finally finally) {
        const std::uint32_t at = open_try(caught);
        ++depth;
        body();
        begin_handler(at);
        handler();
        begin_finally(at);
        finally();
        --depth;
        close(at);
    }
    /// The same, whose head is `head`.
    template <class Body>
    void block(const Statement& head, Body body) {
        const auto at = static_cast<std::uint32_t>(program_.statements.size());
        add(head);
        ++depth;
        body();
        --depth;
        close(at);
    }
    /// Any other block with a body, in the same task.
    template <class Body>
    void block(Op op, Name name, Body body) {
        const std::uint32_t at = open(op, name);
        ++depth;
        body();
        --depth;
        close(at);
    }
    template <class Body>
    void repeat(std::int64_t times, Body body) {
        const std::uint32_t at = open(Op::repeat, kNoName, times);
        ++depth;
        ++context_.loops;
        body();
        --context_.loops;
        --depth;
        close(at);
    }

    // Names. New ones come in order until they run out; then old ones are bound again, and now and then before.

    Name new_scope() { return fresh(scopes_, generated::kScopes, generated::scope(0)); }
    Name new_group() { return fresh(groups_, generated::kGroups, generated::group(0)); }
    Name new_task() { return fresh(tasks_, generated::kTasks, generated::task(0)); }
    /// The name that the next scope gets, most often: the first ones come in order.
    Name next_scope() const { return generated::scope(scopes_ % generated::kScopes); }
    /// The same of the task that is made after `others` more.
    Name next_task(std::uint32_t others) const { return generated::task((tasks_ + others) % generated::kTasks); }
    /// An object of the case, which must have one.
    const ObjectSpec& some_object() {
        const auto& objects = *program_.objects;
        return objects[random.below(static_cast<std::uint32_t>(objects.size()))];
    }
    const ObjectSpec& object(std::uint32_t i) const { return (*program_.objects)[i]; }
    void add_object(const ObjectSpec& object) { program_.objects->push_back(object); }
    Name new_timeout() { return fresh(timeouts_, generated::kTimeouts, generated::timeout(0)); }
    Name new_asyncio_group() { return fresh(asyncio_groups_, generated::kAsyncioGroups, generated::asyncio_group(0)); }
    /// One that a statement so far has made; kNoName while there is none.
    Name some_timeout() { return timeouts_ == 0 ? kNoName : generated::timeout(random.below(timeouts_)); }
    Name some_asyncio_group() {
        return asyncio_groups_ == 0 ? kNoName : generated::asyncio_group(random.below(asyncio_groups_));
    }
    /// A task of which the name comes before this one's, `main`'s after all; kNoName while there is none, and in a task
    /// that another starts. Tasks that only wait for such ones do not wait for one another.
    Name some_earlier_task();
    Name event() { return generated::event(one_of_few()); }
    Name future() { return generated::future(one_of_few()); }
    Name error() { return generated::error(random.below(generated::kEach)); }
    /// A scope or group: mostly one around this statement, the inner ones likelier; kNoName while there is none at all.
    Name some_scope();
    /// The innermost scope or group that this task is in itself; kNoName where there is none.
    Name own_scope() const {
        return context_.enclosing > context_.own_from ? enclosing_[context_.enclosing - 1] : kNoName;
    }
    /// Mostly a group around this statement, or around the statement that spawned this task; kNoName where there is
    /// none.
    Name some_group();
    /// This task, or any that a statement so far has spawned.
    Name some_task();
    /// A scope or group that some task entered by hand; kNoName while there is none.
    Name some_by_hand();
    Name this_task() const { return context_.task; }
    int loops() const { return context_.loops; }

    // Numbers.

    /// A time in 0..5, mostly 1 or 2: timers are meant to collide.
    std::int64_t small();
    /// One of `small`, or now, or the past.
    std::int64_t small_or_past() { return random.chance(1, 4) ? -static_cast<std::int64_t>(random.below(2)) : small(); }
    bool flip() { return random.chance(1, 2); }
    Then any_then();
    Catch catch_cancelled() { return random.chance(1, 4) ? Catch::all : Catch::cancelled; }
    ScopeOptions random_options();

    // The outside world. What is said here is done by the environment at one moment that `outside` chooses; the entries
    // are written after `main`, by `finish`.

    /// A new environment entry at a random moment. Where there are enough entries already, the last one goes on.
    void outside();
    void outside_at(bool at_iteration, std::int64_t when);
    /// Adds to the last entry, which there must be; dropped where that is full.
    void deed(const Deed& deed);
    /// Puts the deeds of the last entry into random order.
    void shuffle_deeds();
    /// Has the scope cancelled in one of the ways there are: here and now, by a child, from outside, by a deadline.
    void cancel_somehow(Name scope);
    /// The same, but not here and now: `deed` from a child or from outside.
    void by_another(const Deed& deed);
    void write_deed(const Deed& deed);
    void make_stubborn(Name future);

    /// Writes the environment. Nothing can be added after it.
    void finish();

private:
    struct Context {
        Name task = generated::kMain;
        std::uint32_t enclosing = 0;  ///< how many scopes and groups are around
        std::uint32_t own_from = 0;   ///< the first of them that this task itself is in
        int loops = 0;                ///< repeats around, in this task
        bool by_start = false;        ///< this task is started, by one that waits for it
    };
    struct Moment {
        bool at_iteration;
        std::int64_t when;
        std::uint32_t count;
        std::array<Deed, 4> deeds;
    };

    std::uint32_t open(Op op, Name name = kNoName, std::int64_t number = 0) {
        const auto at = static_cast<std::uint32_t>(program_.statements.size());
        add(op, name, number);
        return at;
    }
    std::uint32_t open_try(const Caught& caught);
    void begin_handler(std::uint32_t at) { program_.statements[at].handler = since(at); }
    void begin_finally(std::uint32_t at);
    void close(std::uint32_t at);
    std::uint32_t since(std::uint32_t at) const { return static_cast<std::uint32_t>(program_.statements.size()) - at; }
    template <class Body>
    void inside(Name name, std::uint32_t at, Body& body) {
        assert(context_.enclosing < enclosing_.size());
        enclosing_[context_.enclosing++] = name;
        ++depth;
        body(name);
        --depth;
        --context_.enclosing;
        close(at);
    }
    Name fresh(std::uint32_t& used, std::uint32_t limit, Name first);
    std::uint32_t one_of_few() { return random.chance(3, 5) ? 0 : random.below(generated::kEach); }
    void answer_waits();
    void track(Op op, Name name);

    Case& program_;
    Context context_;
    std::array<Name, 32> enclosing_{};
    std::array<Moment, 5> moments_{};
    std::uint32_t n_moments_ = 0;
    std::uint32_t scopes_ = 0;
    std::uint32_t groups_ = 0;
    std::uint32_t tasks_ = 0;
    std::uint32_t timeouts_ = 0;
    std::uint32_t asyncio_groups_ = 0;
    std::array<Name, 4> by_hand_{};  ///< the latest
    std::uint32_t n_by_hand_ = 0;
    std::uint32_t waited_ = 0;    ///< bits: events, then futures, that some statement waits for
    std::uint32_t answered_ = 0;  ///< bits: those that some statement sets
};

/// A pattern, and how often it is written against the others of its table.
struct Motif {
    void (*write)(ProgramBuilder&);
    std::uint32_t weight;
};
void write_one_of(std::span<const Motif> motifs, ProgramBuilder& builder);

/// Writes one of the patterns that the known bugs need, whole: it may overdraw the case by a few statements.
void write_motif(ProgramBuilder& builder);
void write_misuse_motif(ProgramBuilder& builder);
void write_start_motif(ProgramBuilder& builder);
void write_objects_motif(ProgramBuilder& builder);
void write_native_motif(ProgramBuilder& builder);
/// Writes something that asyncio has and anyio has not, or has in its own way.
void write_asyncios_own(ProgramBuilder& builder);
/// Writes something that a task does with one of the case's objects.
void write_on_some_object(ProgramBuilder& builder);
/// Gives the case its objects.
void make_objects(ProgramBuilder& builder);
/// Writes a body of one to `most` statements, by the grammar.
void write_body(ProgramBuilder& builder, std::uint32_t most);

}  // namespace cancelsim::scenarios
