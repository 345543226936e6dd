// Exceptions as values, with Python's implicit `__context__` chain.
//
// Source: CPython 3.11 Python/errors.c (`_PyErr_SetObject`), Objects/genobject.c (`gen_send_ex2`,
// `_gen_throw`).
#pragma once

#include <cstdint>

#include "sim/arena.h"

namespace cancelsim::sim {

/// The exception types that a program can meet.
enum class ErrorKind : std::uint8_t {
    cancelled,        ///< asyncio.CancelledError
    runtime_error,    ///< RuntimeError
    timeout_error,    ///< TimeoutError
    assertion_error,  ///< AssertionError
    attribute_error,  ///< AttributeError
    value_error,      ///< ValueError
    queue_empty,      ///< asyncio.QueueEmpty
    queue_full,       ///< asyncio.QueueFull
    named,            ///< an ordinary exception of the program's own, told apart by `name`
    group,            ///< ExceptionGroup or BaseExceptionGroup
    would_block,      ///< anyio.WouldBlock
    closed_resource,  ///< anyio.ClosedResourceError
    broken_resource,  ///< anyio.BrokenResourceError
    end_of_stream,    ///< anyio.EndOfStream
};

/// The name of the type, as `type(e).__name__` says it: of the program's own and of groups, of what they derive from.
const char* type_name_of(ErrorKind kind);

/// The argument of a CancelledError. The loop only carries it: 0 is no argument, what else it means
/// is the business of whoever called `Task::cancel`.
using CancelMessage = std::uint32_t;

/// One exception object. Identity is the address, as in Python: the same Error raised twice is the
/// same exception.
struct Error {
    ErrorKind kind;
    CancelMessage message = 0;  ///< only of `cancelled`
    std::uint32_t name = 0;     ///< only of `named`
    std::uint32_t count = 0;    ///< only of `group`: how many `children`
    Error** children = nullptr;
    Error* context = nullptr;  ///< `__context__`

    bool is_cancelled() const { return kind == ErrorKind::cancelled; }
};

/// What `_PyErr_SetObject` does when `error` is raised while `handled` is being handled: `handled`
/// becomes its context, and a link in the chain of `handled` back to `error` is cut. No effect
/// where `handled` is null or `error` itself.
void set_context(Error& error, Error* handled);

/// A growing array of exceptions in the arena: a Python list.
struct ErrorList {
    Error** items = nullptr;
    std::uint32_t count = 0;
    std::uint32_t capacity = 0;

    void append(Arena& arena, Error& error);
};

/// `BaseExceptionGroup(message, exceptions)` of `count` exceptions, at least one, which are copied. What kind of group
/// it is follows from them.
Error* new_exception_group(Arena& arena, Error* const* exceptions, std::uint32_t count);

}  // namespace cancelsim::sim
