// Which objects a run has, and which of their methods each task is calling: what the contracts about objects share.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "properties/world/world.h"
#include "scenarios/program/object_type.h"

namespace cancelsim::properties {

using events::Call;
using scenarios::ObjectKind;
using sim::ObjectId;

inline bool is_condition(ObjectKind kind) {
    return kind == ObjectKind::condition || kind == ObjectKind::asyncio_condition;
}
/// Whether it carries items.
inline bool is_channel(ObjectKind kind) { return kind == ObjectKind::stream || kind == ObjectKind::asyncio_queue; }
/// Whether tasks acquire and release it: a condition stands for its lock.
inline bool is_lockable(ObjectKind kind) { return !is_channel(kind); }
/// Whether only the task that acquired it may release it.
inline bool has_owner(ObjectKind kind) { return kind == ObjectKind::lock || kind == ObjectKind::condition; }

class ObjectCalls {
public:
    struct Object {
        ObjectKind kind = ObjectKind::lock;
        std::int64_t amount = 0;             ///< as in ObjectMade
        std::int64_t max_value = 0;          ///< as in ObjectMade
        ObjectId lock = sim::kNoObject;      ///< what is acquired: itself, or the object that is a condition's lock
        std::uint32_t made_at = UINT32_MAX;  ///< the statement that used it first; kNoStatement: nobody knows
    };
    struct Running {
        bool active = false;
        Call call = Call::acquire;
        ObjectId object = sim::kNoObject;
        std::int64_t amount = 0;
        std::uint32_t borrower = 0;
        std::uint64_t began = 0;  ///< as in `moment`
    };

    void reset() {
        objects_.clear();
        running_.clear();
        made_ = 0;
        moment_ = 0;
    }

    void on(const events::ObjectMade& event, const RunInfo& info) {
        made_ = event.object + 1;
        const ObjectId lock = event.lock != sim::kNoObject ? event.lock : event.object;
        objects_[event.object] = {event.kind, event.amount, event.max_value, lock, info.statement()};
    }
    void on(const events::CallBegan& event) {
        running_[slot(event.task)] = {true, event.call, event.object, event.amount, event.borrower, ++moment_};
    }
    /// The call that has ended; not active where nobody told of its beginning.
    Running on(const events::CallEnded& event) {
        ++moment_;
        return std::exchange(running_[slot(event.task)], {});
    }

    /// Counts the beginnings and ends of calls.
    std::uint64_t moment() const { return moment_; }
    /// How many objects were made.
    ObjectId made() const { return made_; }
    const Object& object(ObjectId id) const { return objects_.at(id); }
    /// What `task` is calling; not active where it calls nothing.
    Running running(TaskId task) const {
        const Running* found = running_.find(slot(task));
        return found != nullptr ? *found : Running{};
    }
    /// Calls `visit(task, running)` for each task that is in a call.
    template <class Visit>
    void for_each_running(Visit visit) const {
        for (std::size_t i = 1; i < running_.size(); ++i)
            if (running_.at(i).active) visit(static_cast<TaskId>(i - 1), running_.at(i));
    }

    /// "the semaphore `s`", or "a semaphore" where nothing tells its name.
    std::string words(ObjectId id, const RunInfo& info) const;

private:
    /// The outside world, whose calls end at once, has the first.
    static std::size_t slot(TaskId task) { return task == kNobody ? 0 : task + 1; }

    ById<Object> objects_;
    ById<Running> running_;
    ObjectId made_ = 0;
    std::uint64_t moment_ = 0;
};

inline std::string ObjectCalls::words(ObjectId id, const RunInfo& info) const {
    const Object& object = objects_.at(id);
    const std::string kind(*scenarios::type_of(object.kind).name);
    const scenarios::Case* program = info.program();
    if (program != nullptr && object.made_at != scenarios::kNoStatement) {
        const scenarios::ObjectSpec* spec = program->find_object(program->statements[object.made_at].name);
        // A condition makes the lock that it is given.
        if (spec != nullptr && spec->kind != object.kind) spec = program->find_object(spec->lock);
        if (spec != nullptr && spec->kind == object.kind)
            return "the " + kind + " `" + program->names[spec->name] + "`";
    }
    return (kind[0] == 'a' ? "an " : "a ") + kind;
}

}  // namespace cancelsim::properties
