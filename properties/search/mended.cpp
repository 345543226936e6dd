#include "properties/search/mended.h"

#include "properties/failure/replay.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

std::vector<Found> mended(const HuntOptions& options, const std::atomic<bool>& stop) {
    const Subject release = release_of(options.config);
    HuntOptions on_model = options;
    on_model.config = Subject(static_cast<const model::Config&>(release));
    on_model.against.reset();
    on_model.reported.clear();
    on_model.schedules = kLookedAtOnModel;
    on_model.first = 0;
    on_model.shard = on_model.shards = 1;
    on_model.shrink = true;
    const auto on = [](Found& found, const Subject& subject) {
        found.failure.config = subject;
        Account account = account_of(found.failure);
        found.failure.digest = account.digest;
        return account;
    };
    std::vector<Found> all;
    for (Found& found : hunt(on_model, stop, HuntNews{}).found) {
        if (stop) break;
        try {
            if (on(found, options.config).broken) continue;
            const Account account = on(found, release);
            if (!account.broken || account.place != found.place) continue;
        } catch (const RunLost&) {
            continue;  // no answer says nothing
        }
        all.push_back(std::move(found));
    }
    return all;
}

}  // namespace cancelsim::properties
