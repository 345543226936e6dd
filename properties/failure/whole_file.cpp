#include "properties/failure/whole_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = ".saving-";

[[noreturn]] void fail(const std::string& name) {
    throw FailureError(fmt::format("{}: cannot write: {}", name, std::strerror(errno)));
}

/// A file that vanishes unless it is given its name. It is locked as long as its process lives: see `remove_stale`.
class TemporaryFile {
public:
    explicit TemporaryFile(const fs::path& folder) : path_((folder / kPrefix).string() + "XXXXXX") {
        descriptor_ = mkstemp(path_.data());
        if (descriptor_ < 0) fail(folder.string());
        flock(descriptor_, LOCK_EX | LOCK_NB);
    }
    ~TemporaryFile() {
        if (!path_.empty()) unlink(path_.c_str());
        close(descriptor_);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void write(std::string_view text, const std::string& name) {
        while (!text.empty()) {
            const ssize_t written = ::write(descriptor_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(name);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        // A file system may find out only now that it is full.
        if (fsync(descriptor_) != 0 || fchmod(descriptor_, 0644) != 0) fail(name);
    }
    void rename_to(const std::string& name) {
        if (std::rename(path_.c_str(), name.c_str()) != 0) fail(name);
        path_.clear();
    }

private:
    std::string path_;
    int descriptor_;
};

/// The name of a file is safe when its folder is.
void sync_folder(const std::string& folder) {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (descriptor < 0) fail(folder);
    // Some file systems know no fsync of a folder: then there is nothing more to do.
    const bool synced = fsync(descriptor) == 0 || errno == EINVAL;
    close(descriptor);
    if (!synced) fail(folder);
}

/// Removes temporary files that no process holds any more. Others may be writing into the same folder.
void remove_stale(const std::string& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (!entry.path().filename().string().starts_with(kPrefix)) continue;
        const int descriptor = open(entry.path().c_str(), O_RDONLY);
        if (descriptor < 0) continue;
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) unlink(entry.path().c_str());
        close(descriptor);
    }
}

}  // namespace

void write_whole(const std::string& folder, const std::string& name, std::string_view text) {
    const std::string path = (fs::path(folder) / name).string();
    TemporaryFile file(folder);
    file.write(text, path);
    file.rename_to(path);
    sync_folder(folder);
}

void prepare_folder(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw FailureError(fmt::format("{}: cannot make this folder: {}", folder, error.message()));
    remove_stale(folder);
    const TemporaryFile probe(folder);
}

}  // namespace cancelsim::properties
