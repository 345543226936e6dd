// The objects of a run, and what their names mean.
#pragma once

#include <vector>

#include "model/primitives/memory_stream.h"
#include "scenarios/program/case.h"
#include "scenarios/program/object_type.h"

namespace cancelsim::scenarios {

/// An object of a run. Derived structs hold the library's own.
struct Object {
    const ObjectSpec* spec = nullptr;
    sim::ObjectId id = sim::kNoObject;
};

/// What a name of the name space of objects means.
struct NamedObject {
    const ObjectSpec* spec = nullptr;         ///< null: a clone's name
    Object* object = nullptr;                 ///< of a clone, its stream; null until the name has a meaning
    model::SendStream* send = nullptr;        ///< the sending end of a stream or clone, null where it has none
    model::ReceiveStream* receive = nullptr;  ///< the receiving end
};

/// The objects of a run. One that is listed is made when its name is first used.
class Objects {
public:
    /// Forgets the last run.
    void prepare(const Case& program);
    /// What `name` means now. One that is listed is made; `spec` and ends are null where it never meant anything.
    NamedObject& use(Interpreter& run, Name name);
    /// The object of a name that is listed: made, if need be.
    Object& object(Interpreter& run, Name name) { return *use(run, name).object; }
    /// As they were made, in the order of the case's list; null for one that was not.
    const Object* made(const ObjectSpec& spec) const { return named_[spec.name].object; }
    const std::vector<NamedObject>& named() const { return named_; }
    /// All that were made, by number.
    const std::vector<Object*>& all() const { return all_; }

    /// From now on `name` means these ends of `stream`, of which one may be null.
    void bind_ends(Name name, Object& stream, model::SendStream* send, model::ReceiveStream* receive);

    /// The number of the next item that is offered.
    model::Item next_item() { return ++items_; }
    model::Item items() const { return items_; }

private:
    std::vector<NamedObject> named_;  ///< by name; empty where a case lists no objects
    std::vector<Object*> all_;
    NamedObject unbound_;  ///< what every name means then
    model::Item items_ = 0;
};

}  // namespace cancelsim::scenarios
