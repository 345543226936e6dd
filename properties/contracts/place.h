// Where a contract breaks, in two senses: the kind of place, by which failures are told apart; and the site in the
// program.
#pragma once

#include <cstdint>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::properties {

/// A kind of place at which a contract breaks, such as "parked in sleep": failures of one contract at one kind of place
/// are one distinct failure. Each is a constant in a table, `Places`: of its contract, or below. A string is none, nor
/// does it compare to one, so that a misspelt place does not compile.
class Place {
public:
    constexpr Place() = default;  ///< none
    /// `name` is a literal.
    constexpr explicit Place(std::string_view name) : name_(name) {}

    constexpr std::string_view name() const { return name_; }
    constexpr operator std::string_view() const { return name_; }
    constexpr bool operator==(const Place&) const = default;

private:
    std::string_view name_;
};

/// Where tasks wait, whatever contract finds them there: most of these belong to a statement (`waiting_place`).
struct WaitingPlaces {
    static constexpr Place kNotStarted{"task that has not started"};
    static constexpr Place kStubbornFuture{"stubborn future"};
    static constexpr Place kRunning{"running"};
    static constexpr Place kOutsideStatements{"outside any statement"};
};

/// Where in its program something happened: a statement of a case; of a user's own program the number of a file and
/// line.
class Site {
public:
    constexpr Site() = default;  ///< nowhere: no task ran
    constexpr explicit Site(std::uint32_t number) : number_(number) {}

    constexpr explicit operator bool() const { return number_ != scenarios::kNoStatement; }
    /// Of the statement, or of the file and line; kNoStatement where there is none.
    constexpr std::uint32_t number() const { return number_; }
    constexpr bool operator==(const Site&) const = default;

private:
    std::uint32_t number_ = scenarios::kNoStatement;
};

}  // namespace cancelsim::properties
