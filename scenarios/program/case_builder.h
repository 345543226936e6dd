// Cases written in C++.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// Builds the `main` of a case, statement by statement. Blocks take a function that adds what is inside them.
class CaseBuilder {
public:
    explicit CaseBuilder(std::string_view name) { program_.name = name; }

    /// A statement without a body: `name` is what it names, `number` its `for`, `times` or `in`.
    void add(Op op, std::string_view name = {}, std::int64_t number = 0) { open(op, name, number); }
    /// A block with a body only: group, repeat.
    template <class Inside>
    void block(Op op, std::string_view name, std::int64_t number, Inside inside) {
        close(open(op, name, number), inside);
    }
    template <class Inside>
    void group(std::string_view name, Inside inside) {
        block(Op::group, name, 0, inside);
    }
    template <class Inside>
    void shielded(std::string_view name, Inside inside) {
        const std::size_t at = open(Op::scope, name, 0);
        program_.statements[at].flag = true;
        close(at, inside);
    }
    /// A scope whose deadline is in `delay` units.
    template <class Inside>
    void move_on_after(std::string_view name, std::int64_t delay, Inside inside) {
        const std::size_t at = open(Op::scope, name, delay);
        program_.statements[at].has_number = true;
        close(at, inside);
    }
    template <class Inside>
    void spawn(std::string_view group, std::string_view task, Inside inside) {
        const std::size_t at = open(Op::spawn, group, 0);
        program_.statements[at].task = program_.intern(task);
        close(at, inside);
    }
    /// An object that tasks share; `amount` is its `value`, `tokens` or `buffer`.
    void object(std::string_view name, ObjectKind kind, std::int64_t amount = 0) {
        if (!program_.objects) program_.objects.emplace();
        program_.objects->push_back({.name = program_.intern(name), .kind = kind, .amount = amount});
    }
    /// `asyncio.timeout` of `delay` units.
    template <class Inside>
    void asyncio_timeout(std::string_view name, std::int64_t delay, Inside inside) {
        const std::size_t at = open(Op::asyncio_timeout, name, delay);
        program_.statements[at].has_number = true;
        close(at, inside);
    }
    template <class Inside>
    void create_task(std::string_view group, std::string_view task, Inside inside) {
        const std::size_t at = open(Op::create_task, group, 0);
        program_.statements[at].task = program_.intern(task);
        close(at, inside);
    }
    /// A `try` that swallows any CancelledError.
    template <class Inside>
    void swallow_cancelled(Inside inside) {
        swallow(Catch::cancelled, inside);
    }
    /// A `try` that swallows what `catches` says.
    template <class Inside>
    void swallow(Catch catches, Inside inside) {
        const std::size_t at = open(Op::try_, {}, 0);
        program_.statements[at].catches = catches;
        close(at, inside);
        program_.statements[at].handler = program_.statements[at].finally = program_.statements[at].size;
    }

    /// The case; `budget` is the most iterations that it may take.
    Case finish(std::int64_t budget = kDefaultBudget) {
        program_.main_end = static_cast<std::uint32_t>(program_.statements.size());
        program_.budget = budget;
        return std::move(program_);
    }

private:
    std::size_t open(Op op, std::string_view name, std::int64_t number) {
        Statement statement;
        statement.op = op;
        if (!name.empty()) statement.name = program_.intern(name);
        statement.number = number;
        program_.statements.push_back(statement);
        return program_.statements.size() - 1;
    }
    template <class Inside>
    void close(std::size_t at, Inside inside) {
        inside();
        program_.statements[at].size = static_cast<std::uint32_t>(program_.statements.size() - at);
    }

    Case program_;
};

}  // namespace cancelsim::scenarios
