// end-of-stream: closing the last end of a side tells the other.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/promises/objects/object_calls.h"

namespace cancelsim::properties {

/// Ends are counted by the clones and closings that did not raise. A side without any open end never gets one again.
class EndOfStream final : public Contract {
public:
    struct Places {
        static constexpr Place kSenderWaits{"sender waits"};
        static constexpr Place kReceiverWaits{"receiver waits"};
        static constexpr Place kEndOfStreamBeforeTheBufferIsEmpty{"EndOfStream before the buffer is empty"};
        static constexpr Place kAnotherErrorAtTheEnd{"another error at the end"};
        static constexpr Place kBrokenResourceErrorThoughAReceiverIsOpen{
            "BrokenResourceError though a receiver is open"};
        static constexpr Place kEndOfStreamThoughASenderIsOpen{"EndOfStream though a sender is open"};
    };

    EndOfStream()
        : Contract("end-of-stream",
                   "closing the last sending end of a stream wakes every receiver with EndOfStream once the buffer is "
                   "empty, closing the last receiving end every sender with BrokenResourceError, and neither is raised "
                   "before") {}

    using Dormant = sim::EventList<events::CallBegan, events::CallEnded>;

    void start() {
        calls_.reset();
        streams_.clear();
    }

    void on(const events::ObjectMade& event) {
        calls_.on(event, info());
        if (event.kind != ObjectKind::stream) return;
        streams_[event.object] = {};
        listen(Dormant{});
    }
    void on(const events::CallBegan& event) { calls_.on(event); }
    void on(const events::CallEnded& event) {
        const ObjectCalls::Running call = calls_.on(event);
        if (call.active && calls_.object(call.object).kind == ObjectKind::stream) ended(call, event);
    }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        calls_.for_each_running([this](TaskId task, const ObjectCalls::Running& call) {
            if (calls_.object(call.object).kind != ObjectKind::stream || world().task(task).done()) return;
            const Stream& stream = streams_[call.object];
            const bool waits = (call.call == Call::receive && stream.senders == 0) ||
                               (call.call == Call::send && stream.receivers == 0);
            if (waits)
                break_at(call.call == Call::send ? Places::kSenderWaits : Places::kReceiverWaits, call.object, task,
                         nullptr);
        });
    }

    std::string what_happened() const override {
        const std::string stream = calls_.words(object_, info());
        if (place() == Places::kSenderWaits || place() == Places::kReceiverWaits)
            return "At the end of the run, " + moment_words(broken_at_time(), broken_at_iteration()) +
                   ", with nothing left to do, " + words().task(task_) + " still waited in " +
                   words().statement_of(task_) + ", though all ends on the other side of " + stream + " are closed.";
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", " +
                           (task_ == kNobody ? "the outside world" : words().task(task_)) + " got " +
                           words().outcome(error_) + " of " + stream;
        text[0] = 'A';
        if (place() == Places::kEndOfStreamBeforeTheBufferIsEmpty) return text + ", which still has items for it.";
        if (place() == Places::kAnotherErrorAtTheEnd)
            return text + ", of whose other side all ends are closed: that has an error of its own.";
        return text + ", of whose other side an end is open.";
    }

private:
    struct Stream {
        std::uint32_t senders = 1;  ///< open ends
        std::uint32_t receivers = 1;
        std::int64_t unreceived = 0;   ///< items sent and not received
        std::int64_t interrupted = 0;  ///< receivers: each may have lost an item, which is items-arrive's
    };

    void ended(const ObjectCalls::Running& call, const events::CallEnded& event) {
        Stream& stream = streams_[call.object];
        const sim::Error* error = event.error;
        switch (call.call) {
            case Call::clone_send: stream.senders += error == nullptr ? 1 : 0; return;
            case Call::clone_receive: stream.receivers += error == nullptr ? 1 : 0; return;
            case Call::close_send: stream.senders -= error == nullptr && stream.senders > 0 ? 1 : 0; return;
            case Call::close_receive: stream.receivers -= error == nullptr && stream.receivers > 0 ? 1 : 0; return;
            case Call::send:
            case Call::send_nowait:
                if (error == nullptr) ++stream.unreceived;
                if (error != nullptr && error->kind == sim::ErrorKind::broken_resource && stream.receivers > 0)
                    break_at(Places::kBrokenResourceErrorThoughAReceiverIsOpen, call.object, event.task, error);
                if (error != nullptr && error->kind == sim::ErrorKind::end_of_stream)
                    break_at(Places::kAnotherErrorAtTheEnd, call.object, event.task, error);
                return;
            case Call::receive:
            case Call::receive_nowait:
                if (error == nullptr) --stream.unreceived;
                if (error != nullptr && error->is_cancelled()) ++stream.interrupted;
                if (error != nullptr && error->kind == sim::ErrorKind::broken_resource)
                    break_at(Places::kAnotherErrorAtTheEnd, call.object, event.task, error);
                if (error != nullptr && error->kind == sim::ErrorKind::end_of_stream)
                    judge_end(stream, call.object, event);
                return;
            case Call::acquire:
            case Call::acquire_nowait:
            case Call::release:
            case Call::wait:
            case Call::notify:
            case Call::set_tokens:
            case Call::task_done:
            case Call::join: return;
        }
    }

    void judge_end(const Stream& stream, ObjectId object, const events::CallEnded& event) {
        if (stream.senders > 0)
            return break_at(Places::kEndOfStreamThoughASenderIsOpen, object, event.task, event.error);
        std::int64_t on_their_way = stream.interrupted;
        calls_.for_each_running([&](TaskId, const ObjectCalls::Running& other) {
            if (other.object == object && other.call == Call::receive) ++on_their_way;
        });
        if (stream.unreceived > on_their_way)
            break_at(Places::kEndOfStreamBeforeTheBufferIsEmpty, object, event.task, event.error);
    }

    void break_at(Place place, ObjectId object, TaskId task, const sim::Error* error) {
        object_ = object;
        task_ = task;
        error_ = error;
        fail(place);
    }

    ObjectCalls calls_;
    ById<Stream> streams_;
    ObjectId object_ = sim::kNoObject;
    TaskId task_ = kNobody;
    const sim::Error* error_ = nullptr;
};

}  // namespace cancelsim::properties
