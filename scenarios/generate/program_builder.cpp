#include "scenarios/generate/program_builder.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cancelsim::scenarios {

namespace {

/// Equality, with a loop where `==` would call memcmp: for names of two letters that is several times faster.
bool same(const std::string& name, std::string_view text) {
    if (name.size() != text.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (name[i] != text[i]) return false;
    return true;
}

/// Puts the names of generated cases into `names`, unless they are there: most often they are, from the last case.
void set_names(std::vector<std::string>& names) {
    if (!std::equal(names.begin(), names.end(), generated::kNames.begin(), generated::kNames.end(), same))
        names.assign(generated::kNames.begin(), generated::kNames.end());
}

/// Keeps the profiles' random numbers apart.
constexpr std::array<std::uint64_t, kProfiles> kMixed{
    0, ~std::uint64_t{0}, 0x5555'5555'5555'5555, 0x3333'3333'3333'3333, 0x0f0f'0f0f'0f0f'0f0f, 0x00ff'00ff'00ff'00ff};

bool is_group(Name name) { return name >= generated::group(0) && name < generated::task(0); }

}  // namespace

ProgramBuilder::ProgramBuilder(Profile which, std::uint64_t seed, Case& into)
    : random(seed ^ kMixed[static_cast<std::size_t>(which)]), profile(which), program_(into) {
    char digits[16];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), seed, 16).ptr;
    into.name.assign(name_of(profile).substr(0, 1));
    into.name.append(digits, end);
    into.statements.clear();
    into.environment.clear();
    into.stubborn.clear();
    into.plain_futures.clear();
    into.lists.clear();
    into.budget = kDefaultBudget;
    if (has_objects(profile)) {
        if (!into.objects) into.objects.emplace();
        into.objects->clear();
    } else {
        into.objects.reset();
    }
    set_names(into.names);
    if (has_objects(profile) || has_asyncios_own(profile))
        for (const std::string_view name : generated::kObjectNames) into.names.emplace_back(name);
    if (has_asyncios_own(profile))
        for (const std::string_view name : generated::kNativeNames) into.names.emplace_back(name);
}

void ProgramBuilder::add(Op op, Name name, std::int64_t number) {
    Statement& statement = program_.statements.emplace_back();
    statement.op = op;
    statement.name = name;
    statement.number = number;
    --left;
    track(op, name);
}

void ProgramBuilder::add_two(Op op, Name name, Name second) {
    add(op, name);
    program_.statements.back().task = second;
}

void ProgramBuilder::add(const Statement& statement) {
    program_.statements.push_back(statement);
    --left;
    if (statement.name != kNoName) track(statement.op, statement.name);
}

Statement ProgramBuilder::with_list(Statement statement, std::span<const Name> names) {
    statement.handler = static_cast<std::uint32_t>(program_.lists.size());
    statement.finally = static_cast<std::uint32_t>(names.size());
    program_.lists.insert(program_.lists.end(), names.begin(), names.end());
    return statement;
}

Name ProgramBuilder::some_earlier_task() {
    if (context_.by_start) return kNoName;
    const std::uint32_t below = context_.task == generated::kMain ? tasks_ : context_.task - generated::task(0);
    return below == 0 ? kNoName : generated::task(random.below(below));
}

void ProgramBuilder::notify(Name condition, std::int64_t n) {
    add(Op::notify, condition, n);
    program_.statements.back().has_number = n > 0;
}

void ProgramBuilder::track(Op op, Name name) {
    const NameRole role = type_of(op).fields->name_role();
    if (role == NameRole::waits_on) waited_ |= 1U << (name - generated::event(0));
    if (role == NameRole::answers) answered_ |= 1U << (name - generated::event(0));
}

void ProgramBuilder::write_deed(const Deed& deed) {
    add(deed.op, deed.name, deed.number);
    program_.statements.back().flag = deed.flag;
    program_.statements.back().has_number = deed.has_number;
}

void ProgramBuilder::set_deadline(Name scope, std::int64_t in) {
    write_deed({.op = Op::set_deadline, .name = scope, .has_number = true, .number = in});
}

void ProgramBuilder::set_shield(Name scope, bool value) {
    write_deed({.op = Op::set_shield, .name = scope, .flag = value});
}

Name ProgramBuilder::enter(const ScopeOptions& options) {
    const Name name = new_scope();
    write_deed({Op::enter, name, options.shield, options.has_deadline, options.has_deadline ? options.deadline : 0});
    by_hand_[n_by_hand_++ % by_hand_.size()] = name;
    return name;
}

Name ProgramBuilder::group_enter() {
    const Name name = new_group();
    add(Op::group_enter, name);
    by_hand_[n_by_hand_++ % by_hand_.size()] = name;
    return name;
}

void ProgramBuilder::wait() {
    const std::uint32_t kind = random.below(16);
    if (kind < 10)
        park();
    else if (kind < 13)
        add(Op::checkpoint);
    else if (kind < 15)
        add(Op::checkpoint_if_cancelled);
    else
        add(Op::cancel_shielded_checkpoint);
}

void ProgramBuilder::park() {
    const std::uint32_t kind = random.below(8);
    if (kind < 5)
        add(Op::sleep, kNoName, 1 + random.below(3));
    else if (kind < 6)
        add(Op::event_wait, event());
    else
        add(Op::future_wait, future());
}

std::uint32_t ProgramBuilder::open_try(const Caught& caught) {
    const std::uint32_t at = open(Op::try_);
    Statement& statement = program_.statements[at];
    statement.catches = caught.catches;
    statement.then = caught.then;
    statement.handler = statement.finally = 0;  // not known yet
    return at;
}

void ProgramBuilder::begin_finally(std::uint32_t at) {
    program_.statements[at].finally = since(at);
    program_.statements[at].has_finally = true;
}

void ProgramBuilder::close(std::uint32_t at) {
    Statement& statement = program_.statements[at];
    statement.size = since(at);
    if (statement.op == Op::try_ && !statement.has_finally) statement.finally = statement.size;
}

Name ProgramBuilder::fresh(std::uint32_t& used, std::uint32_t limit, Name first) {
    if (used == limit || (used > 0 && random.chance(1, 32))) return first + random.below(used);
    return first + used++;
}

Name ProgramBuilder::some_scope() {
    if (context_.enclosing > 0 && random.chance(4, 5)) {
        if (flip()) return enclosing_[context_.enclosing - 1];
        return enclosing_[random.below(context_.enclosing)];
    }
    if (n_by_hand_ > 0 && random.chance(2, 3)) return some_by_hand();
    if (scopes_ + groups_ == 0) return kNoName;
    const std::uint32_t i = random.below(scopes_ + groups_);
    return i < scopes_ ? generated::scope(i) : generated::group(i - scopes_);
}

Name ProgramBuilder::some_by_hand() {
    const auto known = std::min<std::uint32_t>(n_by_hand_, static_cast<std::uint32_t>(by_hand_.size()));
    return known == 0 ? kNoName : by_hand_[random.below(known)];
}

Name ProgramBuilder::some_group() {
    // Mostly one that was left, or is not entered yet: it must not take tasks.
    if (groups_ > 0 && random.chance(1, 24)) return generated::group(random.below(groups_));
    if (n_by_hand_ > 0 && random.chance(1, 8)) {
        const Name name = some_by_hand();
        if (is_group(name)) return name;
    }
    Name found = kNoName;
    for (std::uint32_t i = context_.enclosing; i-- > 0;) {
        if (!is_group(enclosing_[i])) continue;
        found = enclosing_[i];
        if (random.chance(3, 4)) break;
    }
    return found;
}

Name ProgramBuilder::some_task() {
    if (flip()) return context_.task;
    const std::uint32_t i = random.below(tasks_ + 1);
    return i == 0 ? generated::kMain : generated::task(i - 1);
}

std::int64_t ProgramBuilder::small() {
    constexpr std::array<std::int8_t, 16> kTimes{0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5};
    return kTimes[random.below(kTimes.size())];
}

Then ProgramBuilder::any_then() {
    const std::uint32_t kind = random.below(4);
    return kind < 2 ? Then::swallow : kind < 3 ? Then::reraise : Then::raise_cancelled;
}

ProgramBuilder::ScopeOptions ProgramBuilder::random_options() {
    ScopeOptions options;
    const std::uint32_t bits = random.below(256);
    options.shield = (bits & 7) < 2;
    options.has_deadline = (bits >> 3 & 7) < 2;
    options.cancel_first = (bits >> 6 & 3) == 0 && (bits & 4) == 0;
    if (options.has_deadline) options.deadline = small_or_past();
    return options;
}

void ProgramBuilder::outside() {
    if (random.chance(3, 5))
        outside_at(false, small());
    else
        outside_at(true, 1 + random.below(9));
}

void ProgramBuilder::outside_at(bool at_iteration, std::int64_t when) {
    if (n_moments_ < moments_.size()) moments_[n_moments_++] = {at_iteration, when, 0, {}};
}

void ProgramBuilder::deed(const Deed& deed) {
    assert(n_moments_ > 0);
    Moment& moment = moments_[n_moments_ - 1];
    if (moment.count == moment.deeds.size()) return;
    moment.deeds[moment.count++] = deed;
    track(deed.op, deed.name);
}

void ProgramBuilder::shuffle_deeds() {
    Moment& moment = moments_[n_moments_ - 1];
    for (std::uint32_t i = moment.count; i > 1; --i) std::swap(moment.deeds[i - 1], moment.deeds[random.below(i)]);
}

void ProgramBuilder::cancel_somehow(Name scope) {
    switch (random.below(8)) {
        case 0:
        case 1:
        case 2: add(Op::cancel, scope); break;
        case 3: set_deadline(scope, small_or_past()); break;
        default: by_another({.op = Op::cancel, .name = scope}); break;
    }
}

void ProgramBuilder::by_another(const Deed& what) {
    const Name in_group = some_group();
    if (in_group == kNoName || random.chance(3, 5)) {
        outside();
        deed(what);
        return;
    }
    child(Op::spawn, in_group, [&](Name) {
        const std::uint32_t kind = random.below(4);
        if (kind < 2)
            sleep();
        else if (kind < 3)
            add(Op::checkpoint);
        write_deed(what);
    });
}

void ProgramBuilder::make_stubborn(Name future) {
    auto& stubborn = program_.stubborn;
    if (std::find(stubborn.begin(), stubborn.end(), future) == stubborn.end()) stubborn.push_back(future);
}

void ProgramBuilder::answer_waits() {
    const std::uint32_t open_waits = waited_ & ~answered_;
    for (std::uint32_t i = 0; i < 2 * generated::kEach; ++i) {
        if ((open_waits >> i & 1) == 0 || random.chance(1, 4)) continue;
        if (n_moments_ == 0 || random.chance(2, 3)) outside();
        deed({.op = i < generated::kEach ? Op::event_set : Op::future_resolve, .name = generated::event(0) + i});
    }
}

void ProgramBuilder::finish() {
    program_.main_end = static_cast<std::uint32_t>(program_.statements.size());
    answer_waits();
    for (std::uint32_t i = 0; i < n_moments_; ++i) {
        const Moment& moment = moments_[i];
        if (moment.count == 0) continue;
        const auto begin = static_cast<std::uint32_t>(program_.statements.size());
        for (std::uint32_t k = 0; k < moment.count; ++k) write_deed(moment.deeds[k]);
        program_.environment.push_back(
            {moment.at_iteration, moment.when, begin, static_cast<std::uint32_t>(program_.statements.size())});
    }
}

void write_one_of(std::span<const Motif> motifs, ProgramBuilder& builder) {
    std::uint32_t total = 0;
    for (const Motif& motif : motifs) total += motif.weight;
    std::uint32_t drawn = builder.random.below(total);
    for (const Motif& motif : motifs) {
        if (drawn < motif.weight) return motif.write(builder);
        drawn -= motif.weight;
    }
}

}  // namespace cancelsim::scenarios
