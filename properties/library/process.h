// A child process that is talked to in frames.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelsim::properties {

/// A file descriptor that is closed with its owner; -1 is none.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        reset(other.release());
        return *this;
    }

    int get() const { return number_; }
    int release() {
        const int number = number_;
        number_ = -1;
        return number;
    }
    void reset(int number = -1);

private:
    int number_ = -1;
};

/// A process with a socket to it, which it finds as descriptor `kSocket`. It has a process group of its own, so that a
/// terminal's Ctrl+C does not reach it. Standard input is empty; what it prints is read and forgotten but for the end.
/// It is killed with its owner.
class Process {
public:
    static constexpr int kSocket = 3;
    using Deadline = std::chrono::steady_clock::time_point;

    /// How a read ended.
    enum class Got : std::uint8_t { frame, end, late };

    /// Starts `command`, whose first word is found by PATH. Throws UsageError where it cannot be started.
    explicit Process(const std::vector<std::string>& command);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t id() const { return id_; }
    /// Sends a frame: u32 little-endian length, then `payload`. False where nobody reads any more, or not until
    /// `deadline`.
    bool send(std::string_view payload, Deadline deadline);
    /// Waits for a frame and leaves its payload in `payload`.
    Got receive(std::string& payload, Deadline deadline);
    /// The last line that was printed; empty where nothing was.
    std::string last_line();
    /// Says how it ended: "exited with 1", "was killed by signal 9". Kills it where it still runs after `patience`.
    std::string ending(std::chrono::milliseconds patience);

private:
    /// Waits until the socket can be read or written; meanwhile takes what is printed. False at `deadline`.
    bool wait(short what, Deadline deadline);
    void take_printed();

    pid_t id_ = -1;
    bool reaped_ = false;
    int status_ = 0;
    Descriptor socket_;
    Descriptor printed_;
    std::string tail_;    ///< the end of what was printed
    std::string buffer_;  ///< received, from `begin_` on not yet taken
    std::size_t begin_ = 0;
};

}  // namespace cancelsim::properties
