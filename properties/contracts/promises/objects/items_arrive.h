// items-arrive: what is sent is received, once.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/promises/objects/object_calls.h"

namespace cancelsim::properties {

/// Order is judged where calls leave no doubt about it: of two items of which one was sent before the sending of the
/// other began, that other was received before the receiving of the first began. That items are lost shows at rest,
/// where nothing is on its way: what was sent and not received is in the buffer.
class ItemsArrive final : public Contract {
public:
    struct Places {
        static constexpr Place kReceivedThoughItsSendRaised{"received though its send raised"};
        static constexpr Place kWaitsForAnItemThatIsThere{"waits for an item that is there"};
        static constexpr Place kWaitsForRoomThatIsThere{"waits for room that is there"};
        static constexpr Place kLost{"lost"};
        static constexpr Place kBufferedThoughItsSendRaised{"buffered though its send raised"};
        static constexpr Place kReceivedTwice{"received twice"};
        static constexpr Place kReceivedThoughNeverSent{"received though never sent"};
        static constexpr Place kOutOfOrder{"out of order"};
        static constexpr Place kWaitsForAReceiverThatIsThere{"waits for a receiver that is there"};
    };

    ItemsArrive()
        : Contract("items-arrive",
                   "an item whose send completed is received once or buffered, one whose send raised is not received, "
                   "order is kept, and at rest nobody waits for what is there") {}

    using Dormant =
        sim::EventList<events::CallBegan, events::CallEnded, events::ObjectAtRest, events::Offered, events::Received>;

    void start() {
        calls_.reset();
        items_.clear();
        channels_.clear();
        rest_.clear();
        ended_.clear();
        offering_ = 0;
        item_ = 0;
    }

    void on(const events::ObjectMade& event) {
        calls_.on(event, info());
        if (is_channel(event.kind)) listen(Dormant{});
    }
    void on(const events::Offered& event) {
        items_[event.item].offered = calls_.moment() + 1;
        offering_ = event.item;
    }
    void on(const events::CallBegan& event) {
        calls_.on(event);
        if (event.call != Call::send && event.call != Call::send_nowait) return;
        items_[offering_].object = event.object;
        sending_[slot(event.task)] = offering_;
    }
    void on(const events::CallEnded& event) {
        const ObjectCalls::Running call = calls_.on(event);
        if (!call.active) return;
        ended_[slot(event.task)] = {call.began, call.object};
        if (call.call != Call::send && call.call != Call::send_nowait) return;
        item_ = sending_[slot(event.task)];
        Item& item = items_[item_];
        item.sent = calls_.moment();
        item.raised = event.error != nullptr;
        task_ = event.task;
        if (!item.raised) {
            ++channels_[call.object].sent;
        } else if (item.received) {
            // It counts as sent from here on: it did arrive.
            break_at(Places::kReceivedThoughItsSendRaised, call.object);
        }
    }
    void on(const events::Received& event) { received(event); }
    void on(const events::ObjectAtRest& event) { rest_.push_back(event); }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        for (const events::ObjectAtRest& rest : rest_) {
            const ObjectCalls::Object& object = calls_.object(rest.object);
            if (is_channel(object.kind)) judge_rest(rest, object);
        }
    }

    std::string what_happened() const override {
        const std::string channel = calls_.words(object_, info());
        if (waits_in_vain()) {
            return "At the end of the run, " + moment_words(broken_at_time(), broken_at_iteration()) +
                   ", with nothing left to do, " + words().task(task_) + " still waited in " +
                   words().statement_of(task_) + ", though " + channel +
                   (place() == Places::kWaitsForAnItemThatIsThere ? " has an item for it."
                    : place() == Places::kWaitsForRoomThatIsThere ? " has room."
                                                                  : ", to which it sends, has a receiver that waits.");
        }
        if (place() == Places::kLost || place() == Places::kBufferedThoughItsSendRaised)
            return "At the end of the run, with nothing left to do, " + channel + " had " + std::to_string(buffered_) +
                   " items in its buffer. By what its calls have returned it should have " + std::to_string(expected_) +
                   ".";
        const std::string text = "Item " + std::to_string(item_) + " of " + channel + " ";
        const std::string moment = " " + moment_words(broken_at_time(), broken_at_iteration());
        if (place() == Places::kReceivedTwice)
            return text + "was received by " + words().task(task_) + moment + " once more.";
        if (place() == Places::kReceivedThoughNeverSent)
            return text + "was received by " + words().task(task_) + moment + ", though nobody sends it.";
        if (place() == Places::kReceivedThoughItsSendRaised)
            return text + "was received, though its send raised" + moment + ".";
        return text + "was received" + moment + " after item " + std::to_string(later_) +
               ", whose sending began when it had been sent already.";
    }

private:
    struct Item {
        ObjectId object = sim::kNoObject;
        std::uint64_t offered = 0;  ///< moments of ObjectCalls; 0: it was not
        std::uint64_t sent = 0;     ///< when its send ended; 0: it did not
        bool raised = false;        ///< its send did
        bool received = false;
    };
    struct Arrival {
        std::uint64_t at = 0;       ///< when it was received
        std::uint64_t offered = 0;  ///< the latest offer of an item received so far
        std::uint32_t item = 0;     ///< that one
    };
    struct Ended {
        std::uint64_t began = 0;
        ObjectId object = sim::kNoObject;
    };
    struct Channel {
        std::int64_t sent = 0;
        std::int64_t received = 0;  ///< of those whose send did not raise
        std::vector<Arrival> arrivals;
    };

    static std::size_t slot(TaskId task) { return task == kNobody ? 0 : task + 1; }

    void received(const events::Received& event) {
        item_ = event.item;
        task_ = event.task;
        Item& item = items_[event.item];
        const Ended& call = ended_[slot(event.task)];
        if (item.offered == 0) return break_at(Places::kReceivedThoughNeverSent, call.object);
        if (item.received) return break_at(Places::kReceivedTwice, item.object);
        item.received = true;
        if (item.raised) return break_at(Places::kReceivedThoughItsSendRaised, item.object);
        Channel& channel = channels_[item.object];
        ++channel.received;
        // Those received before the receiving of this one began.
        const auto after = std::partition_point(channel.arrivals.begin(), channel.arrivals.end(),
                                                [&](const Arrival& arrival) { return arrival.at < call.began; });
        if (after != channel.arrivals.begin() && item.sent != 0 && std::prev(after)->offered > item.sent) {
            later_ = std::prev(after)->item;
            return break_at(Places::kOutOfOrder, item.object);
        }
        Arrival arrival{calls_.moment(), item.offered, event.item};
        if (!channel.arrivals.empty() && channel.arrivals.back().offered > arrival.offered) {
            arrival.offered = channel.arrivals.back().offered;
            arrival.item = channel.arrivals.back().item;
        }
        channel.arrivals.push_back(arrival);
    }

    void judge_rest(const events::ObjectAtRest& rest, const ObjectCalls::Object& object) {
        const Channel& channel = channels_[rest.object];
        expected_ = channel.sent - channel.received;
        // Of an item that is received before its send has returned.
        calls_.for_each_running([&](TaskId task, const ObjectCalls::Running& call) {
            if (call.object == rest.object && call.call == Call::send && items_[sending_[slot(task)]].received)
                ++expected_;
        });
        buffered_ = rest.available;
        if (buffered_ != expected_)
            return break_at(buffered_ < expected_ ? Places::kLost : Places::kBufferedThoughItsSendRaised, rest.object);
        const bool unlimited = object.kind == ObjectKind::asyncio_queue && object.amount == 0;
        const TaskId sender = first_in(Call::send, rest.object);
        const TaskId receiver = first_in(Call::receive, rest.object);
        task_ = sender != kNobody ? sender : receiver;
        if (receiver != kNobody && buffered_ > 0) {
            task_ = receiver;
            return break_at(Places::kWaitsForAnItemThatIsThere, rest.object);
        }
        if (sender != kNobody && (unlimited || buffered_ < object.amount))
            return break_at(Places::kWaitsForRoomThatIsThere, rest.object);
        if (sender != kNobody && receiver != kNobody) break_at(Places::kWaitsForAReceiverThatIsThere, rest.object);
    }

    TaskId first_in(Call wanted, ObjectId object) const {
        TaskId first = kNobody;
        calls_.for_each_running([&](TaskId task, const ObjectCalls::Running& call) {
            if (first == kNobody && call.call == wanted && call.object == object && !world().task(task).done())
                first = task;
        });
        return first;
    }

    bool waits_in_vain() const {
        return place() == Places::kWaitsForAnItemThatIsThere || place() == Places::kWaitsForRoomThatIsThere ||
               place() == Places::kWaitsForAReceiverThatIsThere;
    }

    void break_at(Place place, ObjectId object) {
        object_ = object;
        fail(place);
    }

    ObjectCalls calls_;
    ById<Item> items_;             ///< by number
    ById<Channel> channels_;       ///< by object
    ById<std::uint32_t> sending_;  ///< by task: the item that it sends
    ById<Ended> ended_;            ///< by task: the call that it ended last
    std::vector<events::ObjectAtRest> rest_;
    std::uint32_t offering_ = 0;  ///< the item that was offered last
    std::uint32_t item_ = 0;
    std::uint32_t later_ = 0;
    ObjectId object_ = sim::kNoObject;
    TaskId task_ = kNobody;
    std::int64_t expected_ = 0;
    std::int64_t buffered_ = 0;
};

}  // namespace cancelsim::properties
