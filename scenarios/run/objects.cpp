#include "scenarios/run/objects.h"

#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

void Objects::prepare(const Case& program) {
    named_.clear();
    all_.clear();
    unbound_ = {};
    items_ = 0;
    if (program.object_list().empty()) return;
    named_.assign(program.names.size(), {});
    for (const ObjectSpec& spec : program.object_list()) named_[spec.name].spec = &spec;
}

NamedObject& Objects::use(Interpreter& run, Name name) {
    if (named_.empty()) return unbound_;
    NamedObject& named = named_[name];
    if (named.spec != nullptr && named.object == nullptr) {
        // A condition makes its lock.
        Object& made = (*type_of(named.spec->kind).make)(run, *named.spec);
        made.spec = named.spec;
        made.id = static_cast<sim::ObjectId>(all_.size());
        named.object = &made;
        all_.push_back(&made);
        const Name lock = named.spec->lock;
        run.emit(events::ObjectMade{made.id, named.spec->kind, named.spec->amount, named.spec->max_value,
                                    lock != kNoName ? named_[lock].object->id : sim::kNoObject});
    }
    return named;
}

void Objects::bind_ends(Name name, Object& stream, model::SendStream* send, model::ReceiveStream* receive) {
    named_[name].object = &stream;
    named_[name].send = send;
    named_[name].receive = receive;
}

}  // namespace cancelsim::scenarios
