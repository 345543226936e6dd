#include "properties/library/package_folder.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include "properties/subject/errors.h"
#include "scenarios/python/python_package.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

class PackageFolder {
public:
    PackageFolder() {
        std::error_code none;
        std::string name = (fs::temp_directory_path(none) / "cancelsim-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) fail(name, errno);
        path_ = name;
        for (const scenarios::PackageFile& file : scenarios::python_package()) {
            const fs::path path = path_ / file.path;
            fs::create_directories(path.parent_path(), none);
            errno = 0;
            std::ofstream out(path, std::ios::binary);
            out << file.text << std::flush;
            if (out) continue;
            const int reason = errno != 0 ? errno : EIO;
            remove();
            fail(path.string(), reason);
        }
    }
    ~PackageFolder() { remove(); }
    PackageFolder(const PackageFolder&) = delete;
    PackageFolder& operator=(const PackageFolder&) = delete;

    const fs::path& path() const { return path_; }

private:
    [[noreturn]] static void fail(const std::string& path, int reason) {
        throw UsageError(fmt::format("{}: cannot write the Python package: {}", path, std::strerror(reason)));
    }
    void remove() const {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    fs::path path_;
};

}  // namespace

const fs::path& package_folder() {
    static const PackageFolder folder;
    return folder.path();
}

}  // namespace cancelsim::properties
