// The distinct failures of a hunt, by the first schedules that showed them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "properties/failure/label.h"

namespace cancelsim::properties {

/// The first schedule that broke one contract at one kind of place, by one cause as far as that is known.
struct Sighting {
    std::string_view contract;
    std::string_view place;
    std::uint64_t own;  ///< number of the schedule in its shard
    Labelled labelled;
};

/// The earliest sighting of each distinct failure. Once one is new and has the cause of no finding, nobody asks what
/// else breaks at its place.
class Sightings {
public:
    void add(const Sighting& sighting) {
        for (Sighting& known : list_) {
            if (!is_at(known, sighting.contract, sighting.place) || known.labelled != sighting.labelled) continue;
            known.own = std::min(known.own, sighting.own);
            return;
        }
        list_.push_back(sighting);
    }
    void add(const Sightings& other) {
        for (const Sighting& sighting : other.list_) add(sighting);
    }
    /// The new one of `contract` at `place` that has the cause of no finding, or null.
    const Sighting* find_new(std::string_view contract, std::string_view place) const {
        for (const Sighting& known : list_)
            if (is_at(known, contract, place) && known.labelled.is_of_no_finding()) return &known;
        return nullptr;
    }
    std::vector<Sighting> in_order() const {
        std::vector<Sighting> sorted;
        for (const Sighting& each : list_) {
            const Sighting* first = find_new(each.contract, each.place);
            if (first == nullptr || each.own <= first->own) sorted.push_back(each);
        }
        std::sort(sorted.begin(), sorted.end(), [](const Sighting& a, const Sighting& b) {
            return std::tie(a.own, a.contract, a.place) < std::tie(b.own, b.contract, b.place);
        });
        return sorted;
    }
    std::size_t size() const { return list_.size(); }

private:
    static bool is_at(const Sighting& sighting, std::string_view contract, std::string_view place) {
        return sighting.contract == contract && sighting.place == place;
    }

    std::vector<Sighting> list_;
};

}  // namespace cancelsim::properties
