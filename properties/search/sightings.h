// The distinct failures of a hunt, by the first schedules that showed them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace cancelsim::properties {

/// The first schedule that broke one contract at one kind of place.
struct Sighting {
    std::string_view contract;
    std::string_view place;
    std::uint64_t own;  ///< number of the schedule in its shard
};

/// The earliest sighting of each distinct failure.
class Sightings {
public:
    void add(const Sighting& sighting) {
        for (Sighting& known : list_) {
            if (known.contract != sighting.contract || known.place != sighting.place) continue;
            known.own = std::min(known.own, sighting.own);
            return;
        }
        list_.push_back(sighting);
    }
    void add(const Sightings& other) {
        for (const Sighting& sighting : other.list_) add(sighting);
    }
    std::vector<Sighting> in_order() const {
        auto sorted = list_;
        std::sort(sorted.begin(), sorted.end(), [](const Sighting& a, const Sighting& b) {
            return std::tie(a.own, a.contract, a.place) < std::tie(b.own, b.contract, b.place);
        });
        return sorted;
    }
    std::size_t size() const { return list_.size(); }

private:
    std::vector<Sighting> list_;
};

}  // namespace cancelsim::properties
