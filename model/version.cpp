#include "model/version.h"

#include <array>

namespace cancelsim::model {

namespace {

constexpr Version k4_13_0{"4.13.0", false, false, false, false, false, false, false};
constexpr Version k4_14_2{"4.14.2", true, true, true, false, true, true, false};
constexpr Version k4_15_1{"4.15.1", true, true, true, true, true, true, true};
constexpr std::array kVersions{&k4_13_0, &k4_14_2, &k4_15_1};

constexpr std::array kPythons{&sim::kPython311, &sim::kPython312, &sim::kPython313};

}  // namespace

std::span<const Version* const> all_versions() { return kVersions; }

const Version& newest_version() { return *kVersions.back(); }

const Version* find_version(std::string_view name) {
    for (const Version* version : kVersions)
        if (version->name == name) return version;
    return nullptr;
}

std::span<const sim::Python* const> all_pythons() { return kPythons; }

const sim::Python* find_python(std::string_view name) {
    for (const sim::Python* python : kPythons)
        if (python->name == name) return python;
    return nullptr;
}

}  // namespace cancelsim::model
