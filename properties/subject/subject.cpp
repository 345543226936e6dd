#include "properties/subject/subject.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "model/policies/policy.h"
#include "model/version.h"

namespace cancelsim::properties {

namespace {

/// The first two numbers of a release: "4.14" of "4.14.2".
std::string_view minor_of(std::string_view release) {
    const auto first = release.find('.');
    return release.substr(0, first == std::string_view::npos ? first : release.find('.', first + 1));
}

/// The entry of the same minor version; null where there is none.
template <class Entry>
const Entry* entry_of(std::span<const Entry* const> entries, std::string_view release) {
    for (const Entry* entry : entries)
        if (minor_of(entry->name) == minor_of(release)) return entry;
    return nullptr;
}

}  // namespace

bool same_library(const Library& one, const Library& other) {
    return one.python == other.python && one.anyio == other.anyio && one.patches == other.patches;
}

std::string library_text(const Library& library) {
    std::string text = library.anyio.empty() ? "asyncio" : "anyio " + library.anyio;
    text += " on CPython " + library.python;
    if (library.patches.size() == 1) text += ", patched";
    if (library.patches.size() > 1) text += fmt::format(", with {} patches", library.patches.size());
    return text;
}

std::optional<model::Config> config_of(const Library& library) {
    const model::Config config{
        library.anyio.empty() ? &model::newest_version() : entry_of(model::all_versions(), library.anyio),
        model::find_policy("upstream"),
        entry_of(model::all_pythons(), library.python),
        {}};
    if (config.version == nullptr || config.python == nullptr) return std::nullopt;
    return config;
}

bool same_subject(const Subject& one, const Subject& other) {
    if ((one.library == nullptr) != (other.library == nullptr)) return false;
    if (one.library) return same_library(*one.library, *other.library);
    return one.version == other.version && one.policy == other.policy && one.python == other.python &&
           one.switches == other.switches;
}

Subject release_of(const Subject& subject) {
    const model::Config release{subject.version, model::find_policy("upstream"), subject.python, {}};
    if (!subject.library || subject.library->patches.empty()) return {release, subject.library};
    auto pristine = std::make_shared<Library>(*subject.library);
    pristine->patches.clear();
    if (pristine->launch) pristine->launch->patches.clear();
    return {release, std::move(pristine)};
}

}  // namespace cancelsim::properties
