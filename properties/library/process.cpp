#include "properties/library/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "properties/subject/errors.h"
#include "properties/subject/limits.h"

extern char** environ;

namespace cancelsim::properties {

namespace {

/// Of what is printed no more is kept.
constexpr std::size_t kTail = 4096;
/// No frame is longer: what says so is no frame.
constexpr std::uint32_t kMostBytes = std::uint32_t{1} << 30;
/// What one process may take of the address space.

struct FileActions {
    FileActions() { posix_spawn_file_actions_init(&actions); }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t actions{};
};

struct Attributes {
    Attributes() {
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setpgroup(&attributes, 0);
        sigset_t all;
        sigfillset(&all);
        posix_spawnattr_setsigdefault(&attributes, &all);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~Attributes() { posix_spawnattr_destroy(&attributes); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    posix_spawnattr_t attributes{};
};

[[noreturn]] void cannot(const std::string& name, int reason) {
    throw UsageError(fmt::format("{}: cannot start: {}", name, std::strerror(reason)));
}

int milliseconds_until(Process::Deadline deadline) {
    const auto left = deadline - std::chrono::steady_clock::now();
    return static_cast<int>(std::max<std::int64_t>(
        0, std::chrono::ceil<std::chrono::milliseconds>(std::min<std::chrono::nanoseconds>(left, std::chrono::hours(1)))
               .count()));
}

}  // namespace

void Descriptor::reset(int number) {
    if (number_ != -1) close(number_);
    number_ = number;
}

Process::Process(const std::vector<std::string>& command) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) cannot(command.front(), errno);
    socket_.reset(ends[0]);
    const Descriptor theirs(ends[1]);
    if (pipe2(ends, O_CLOEXEC) != 0) cannot(command.front(), errno);
    printed_.reset(ends[0]);
    const Descriptor printer(ends[1]);
    fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
    fcntl(printed_.get(), F_SETFL, O_NONBLOCK);

    FileActions files;
    posix_spawn_file_actions_addopen(&files.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files.actions, printer.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files.actions, printer.get(), STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&files.actions, theirs.get(), kSocket);
    const Attributes attributes;
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<char*> variables;
    std::string seed = "PYTHONHASHSEED=0";
    for (char** each = environ; *each != nullptr; ++each)
        if (!std::string_view(*each).starts_with("PYTHONHASHSEED=")) variables.push_back(*each);
    variables.push_back(seed.data());
    variables.push_back(nullptr);
    const int failed = posix_spawnp(&id_, command.front().c_str(), &files.actions, &attributes.attributes,
                                    arguments.data(), variables.data());
    if (failed != 0) cannot(command.front(), failed);
    const rlimit memory{limits().bytes, limits().bytes};
    prlimit(id_, RLIMIT_DATA, &memory, nullptr);
}

Process::~Process() { ending(std::chrono::milliseconds(0)); }

bool Process::wait(short what, Deadline deadline) {
    while (true) {
        pollfd both[2] = {{socket_.get(), what, 0}, {printed_.get(), POLLIN, 0}};
        const int count = poll(both, printed_.get() == -1 ? 1 : 2, milliseconds_until(deadline));
        if (count == 0) return false;
        if (count < 0 && errno != EINTR) return true;  // the next call on the socket says why
        if (count < 0) continue;
        if (both[1].revents != 0) take_printed();
        if (both[0].revents != 0) return true;
        if (milliseconds_until(deadline) == 0) return false;
    }
}

bool Process::send(std::string_view payload, Deadline deadline) {
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::string frame(sizeof size, '\0');
    std::memcpy(frame.data(), &size, sizeof size);
    frame += payload;
    for (std::size_t done = 0; done < frame.size();) {
        const ssize_t sent = ::send(socket_.get(), frame.data() + done, frame.size() - done, MSG_NOSIGNAL);
        if (sent > 0) {
            done += static_cast<std::size_t>(sent);
        } else if (errno == EAGAIN) {
            if (!wait(POLLOUT, deadline)) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

Process::Got Process::receive(std::string& payload, Deadline deadline) {
    std::uint32_t size = 0;
    while (true) {
        const std::size_t there = buffer_.size() - begin_;
        if (there >= sizeof size) {
            std::memcpy(&size, buffer_.data() + begin_, sizeof size);
            if (size > kMostBytes) return Got::end;
            if (there >= sizeof size + size) break;
        }
        if (begin_ == buffer_.size()) {
            buffer_.clear();
            begin_ = 0;
        }
        char bytes[1 << 16];
        const ssize_t got = recv(socket_.get(), bytes, sizeof bytes, 0);
        if (got > 0) {
            buffer_.append(bytes, static_cast<std::size_t>(got));
            continue;
        }
        if (got < 0 && errno == EINTR) continue;
        if (got == 0 || errno != EAGAIN) return Got::end;
        if (!wait(POLLIN, deadline)) return Got::late;
    }
    payload.assign(buffer_, begin_ + sizeof size, size);
    begin_ += sizeof size + size;
    return Got::frame;
}

void Process::take_printed() {
    char bytes[4096];
    while (true) {
        const ssize_t got = read(printed_.get(), bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) printed_.reset();
        if (got <= 0) return;
        tail_.append(bytes, static_cast<std::size_t>(got));
        if (tail_.size() > 2 * kTail) tail_.erase(0, tail_.size() - kTail);
    }
}

std::string Process::last_line() {
    if (printed_.get() != -1) take_printed();
    std::string_view text = tail_;
    while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    return std::string(text.substr(text.rfind('\n') + 1));
}

std::string Process::ending(std::chrono::milliseconds patience) {
    const Deadline deadline = std::chrono::steady_clock::now() + patience;
    while (!reaped_) {
        const bool late = std::chrono::steady_clock::now() >= deadline;
        if (late) kill(-id_, SIGKILL);
        const pid_t ended = waitpid(id_, &status_, late ? 0 : WNOHANG);
        reaped_ = ended == id_ || (ended < 0 && errno != EINTR);
        if (!reaped_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (WIFSIGNALED(status_)) return fmt::format("was killed by signal {}", WTERMSIG(status_));
    return fmt::format("exited with {}", WEXITSTATUS(status_));
}

}  // namespace cancelsim::properties
