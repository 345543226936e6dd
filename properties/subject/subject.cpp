#include "properties/subject/subject.h"

#include <fmt/format.h>

#include "model/policies/policy.h"

namespace cancelsim::properties {

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

bool same_subject(const Subject& one, const Subject& other) {
    if ((one.library == nullptr) != (other.library == nullptr)) return false;
    if (one.library) return same_library(*one.library, *other.library);
    return one.version == other.version && one.policy == other.policy && one.python == other.python &&
           one.defects == other.defects;
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
