// anyio's memory object stream as an object of a case: both ends.
#include <array>

#include "model/primitives/memory_stream.h"
#include "scenarios/objects/common.h"
#include "scenarios/run/objects.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array kProperties{Property{.key = "buffer", .slot = PropertySlot::amount, .required = true}};

struct StreamObject : Object {
    model::StreamState* state;
    model::SendStream send;
    model::ReceiveStream receive;
};

Object& make(Interpreter& run, const ObjectSpec& spec) {
    auto& object = *run.kernel().arena().make<StreamObject>();
    object.state = &model::create_memory_object_stream(run.kernel(), spec.amount, object.send, object.receive);
    run.objects().bind_ends(spec.name, object, &object.send, &object.receive);
    return object;
}

std::string state(const Interpreter&, const Object& object) {
    const model::StreamState& stream = *static_cast<const StreamObject&>(object).state;
    return fmt::format(R"({{"buffered":{},"senders":{},"receivers":{},"sending":{},"receiving":{}}})",
                       stream.buffer.size(), stream.open_send_channels, stream.open_receive_channels,
                       stream.waiting_senders.size(), stream.waiting_receivers.size());
}

AtRest at_rest(const Object& object) { return {static_cast<const StreamObject&>(object).state->buffer.size()}; }

void hash(StateHash& hash, const Object& object) { static_cast<const StreamObject&>(object).state->add_to(hash); }

}  // namespace

constexpr ObjectType objects::stream{
    .name = "stream",
    .properties = std::span<const Property>(kProperties),
    .make = make,
    .state = state,
    .at_rest = at_rest,
    .hash = hash,
    .lockable = nullptr,
    .notifiable = nullptr,
    .queue = nullptr,
};

}  // namespace cancelsim::scenarios
