#include "model/primitives/memory_stream.h"

#include <doctest/doctest.h>

#include "model/primitives/testing.h"

namespace cancelsim::model {

namespace {

using Log = std::vector<std::string>;

/// A stream, and tasks that use it.
struct Stream {
    PrimitivesKernel kernel;
    SendStream send;
    ReceiveStream receive;
    StreamState& state;
    Item items[4]{};

    explicit Stream(std::int64_t buffer, std::string_view release = "4.15.1")
        : kernel(release), state(create_memory_object_stream(kernel, buffer, send, receive)) {}

    Task& receiver(const char* name, Item& item) {
        return kernel.awaits(name, [this, &item]() -> sim::Frame& { return receive.receive(kernel, item); });
    }
    Task& sender(const char* name, Item item) {
        return kernel.awaits(name, [this, item]() -> sim::Frame& { return send.send(kernel, item); });
    }
};

}  // namespace

TEST_CASE("items arrive in the order in which they were sent, through the buffer and from senders that wait") {
    Stream stream(2);
    for (Item item = 1; item <= 4; ++item) stream.sender("send", item);
    stream.kernel.at_iteration(4, [&] {
        CHECK(stream.state.buffer.size() == 2);
        CHECK(stream.state.waiting_senders.size() == 2);
        for (Item item = 1; item <= 4; ++item) {
            Item got = 0;
            CHECK(stream.receive.receive_nowait(stream.kernel, got) == nullptr);
            CHECK(got == item);
        }
        Item got = 0;
        CHECK(outcome_of(stream.receive.receive_nowait(stream.kernel, got)) == "WouldBlock");
    });
    stream.kernel.run();
    CHECK(stream.kernel.log == Log(4, "send: ok"));
}

TEST_CASE("an item goes past a receiver that has a pending cancellation") {
    for (const bool by_scope : {false, true}) {
        CAPTURE(by_scope);
        Stream stream(0);
        PrimitivesKernel& kernel = stream.kernel;
        CancelScope& scope = kernel.new_scope();
        Task& first = kernel.spawn({[&](sim::Resume) {
                                        scope.enter(kernel);
                                        return kernel.call(*kernel.current_task(),
                                                           stream.receive.receive(kernel, stream.items[0]));
                                    },
                                    [&](sim::Resume with) {
                                        kernel.log.push_back("first: " + outcome_of(with.thrown));
                                        return sim::Poll::ended(kernel.leave(scope, with.thrown));
                                    }});
        stream.receiver("second", stream.items[1]);
        kernel.at_iteration(4, [&] {
            CHECK(stream.state.waiting_receivers.size() == 2);
            by_scope ? scope.cancel(kernel) : static_cast<void>(kernel.cancel_task(first, 0));
            CHECK(stream.send.send_nowait(kernel, 7) == nullptr);
        });
        kernel.run();
        CHECK(kernel.log == Log{"first: cancelled", "second: ok"});
        CHECK(stream.items[1] == 7);
    }
}

TEST_CASE("a native cancel between the hand-over and the wakeup loses the item") {
    for (const std::string_view release : kReleases) {
        Stream stream(1, release);
        Task& task = stream.receiver("receive", stream.items[0]);
        stream.kernel.at_iteration(4, [&] {
            CHECK(stream.send.send_nowait(stream.kernel, 7) == nullptr);
            stream.kernel.cancel_task(task, 0);
        });
        stream.kernel.run();
        CHECK(stream.kernel.log == Log{"receive: cancelled"});
        CHECK(stream.state.buffer.size() == 0);  // #146
    }
}

TEST_CASE("closing the last clone of an end wakes those who wait on the other, with its error") {
    Stream receiving(0);
    SendStream clone;
    CHECK(receiving.send.clone(receiving.kernel, clone) == nullptr);
    receiving.receiver("receive", receiving.items[0]);
    receiving.kernel.at_iteration(3, [&] { receiving.send.close(receiving.kernel); });
    receiving.kernel.at_iteration(4, [&] {
        CHECK(receiving.kernel.log.empty());
        clone.close(receiving.kernel);
    });
    receiving.kernel.run();
    CHECK(receiving.kernel.log == Log{"receive: EndOfStream"});
    CHECK(outcome_of(receiving.send.clone(receiving.kernel, clone)) == "ClosedResourceError");

    Stream sending(0);
    sending.sender("send", 1);
    sending.kernel.at_iteration(3, [&] { sending.receive.close(sending.kernel); });
    sending.kernel.run();
    CHECK(sending.kernel.log == Log{"send: BrokenResourceError"});
    CHECK(sending.state.waiting_senders.empty());
    CHECK(outcome_of(sending.send.send_nowait(sending.kernel, 2)) == "BrokenResourceError");
    Item item = 0;
    CHECK(outcome_of(sending.receive.receive_nowait(sending.kernel, item)) == "ClosedResourceError");
}

TEST_CASE("a sender that is cancelled takes its item back") {
    Stream stream(0);
    Task& task = stream.sender("send", 1);
    stream.kernel.at_iteration(3, [&] { stream.kernel.cancel_task(task, 0); });
    stream.kernel.run();
    CHECK(stream.kernel.log == Log{"send: cancelled"});
    Item item = 0;
    CHECK(outcome_of(stream.receive.receive_nowait(stream.kernel, item)) == "WouldBlock");
}

}  // namespace cancelsim::model
