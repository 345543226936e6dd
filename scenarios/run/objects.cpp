#include "scenarios/run/objects.h"

#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

void Objects::prepare(const Case& program) {
    named_.clear();
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
        named.object = &made;
    }
    return named;
}

void Objects::bind_ends(Name name, model::SendStream* send, model::ReceiveStream* receive) {
    named_[name].send = send;
    named_[name].receive = receive;
}

}  // namespace cancelsim::scenarios
