// Copies a case without some of its statements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

/// What becomes of a statement: it stays, or its whole subtree goes, or one of its parts takes its place.
enum class Fate : std::uint8_t { keep, drop, body, handler, finally };

/// Copies a case but for statements, and environment entries, that are to go; sizes and offsets follow.
class Rebuilder {
public:
    Rebuilder(const Case& from, Case& into) : fates(from.statements.size(), Fate::keep), from_(from), into_(into) {}

    std::vector<Fate> fates;

    void rebuild(std::size_t drop_entries_begin, std::size_t drop_entries_end) {
        into_.name = from_.name;
        into_.names = from_.names;
        into_.stubborn = from_.stubborn;
        into_.plain_futures = from_.plain_futures;
        into_.budget = from_.budget;
        into_.objects = from_.objects;
        into_.statements.clear();
        into_.lists.clear();
        into_.environment.clear();
        copy(0, from_.main_end);
        into_.main_end = written();
        for (std::size_t i = 0; i < from_.environment.size(); ++i) {
            if (i >= drop_entries_begin && i < drop_entries_end) continue;
            EnvironmentEntry entry = from_.environment[i];
            const std::uint32_t begin = written();
            copy(entry.begin, entry.end);
            entry.begin = begin;
            entry.end = written();
            into_.environment.push_back(entry);
        }
    }
    void rebuild() { rebuild(0, 0); }

private:
    std::uint32_t written() const { return static_cast<std::uint32_t>(into_.statements.size()); }

    void copy(std::uint32_t begin, std::uint32_t end) {
        for (std::uint32_t i = begin; i < end; i += from_.statements[i].size) {
            const Statement& statement = from_.statements[i];
            const Parts parts = parts_of(statement);
            switch (fates[i]) {
                case Fate::drop: break;
                case Fate::body: copy(i + parts.body.begin, i + parts.body.end); break;
                case Fate::handler: copy(i + parts.handler.begin, i + parts.handler.end); break;
                case Fate::finally: copy(i + parts.finally.begin, i + parts.finally.end); break;
                case Fate::keep: keep(i, parts); break;
            }
        }
    }

    void keep(std::uint32_t i, const Parts& parts) {
        const Statement& statement = from_.statements[i];
        const Fields& fields = *type_of(statement.op).fields;
        const std::uint32_t at = written();
        into_.statements.push_back(statement);
        if (fields.has_list()) {
            into_.statements[at].handler = static_cast<std::uint32_t>(into_.lists.size());
            for (const Name name : from_.list_of(statement)) into_.lists.push_back(name);
        }
        copy(i + parts.body.begin, i + parts.body.end);
        if (fields.parts() > 1) {
            into_.statements[at].handler = written() - at;
            copy(i + parts.handler.begin, i + parts.handler.end);
            into_.statements[at].finally = written() - at;
            copy(i + parts.finally.begin, i + parts.finally.end);
        }
        into_.statements[at].size = written() - at;
    }

    const Case& from_;
    Case& into_;
};

}  // namespace cancelsim::scenarios
