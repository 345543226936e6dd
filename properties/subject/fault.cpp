#include "properties/subject/fault.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

namespace cancelsim::properties {

thread_local constinit Running running;

namespace {

constexpr int kInternalCode = 3;
constexpr std::size_t kStackBytes = std::size_t{64} << 10;
constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/// A line put together without anything that a signal handler must not call.
class Line {
public:
    void add(std::string_view text) {
        const std::size_t size = std::min(text.size(), text_.size() - size_);
        std::memcpy(text_.data() + size_, text.data(), size);
        size_ += size;
    }
    void add(std::uint64_t number) {
        std::array<char, 20> digits;
        std::size_t first = digits.size();
        do digits[--first] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
        add(std::string_view(digits.data() + first, digits.size() - first));
    }
    void write() const {
        std::size_t done = 0;
        while (done < size_) {
            const ssize_t written = ::write(STDERR_FILENO, text_.data() + done, size_ - done);
            if (written <= 0) return;
            done += static_cast<std::size_t>(written);
        }
    }

private:
    std::array<char, 4096> text_;
    std::size_t size_ = 0;
};

std::string_view name_of_signal(int signal) {
    if (signal == SIGSEGV) return "SIGSEGV";
    if (signal == SIGBUS) return "SIGBUS";
    if (signal == SIGFPE) return "SIGFPE";
    if (signal == SIGILL) return "SIGILL";
    return "SIGABRT";
}

template <class Text>
void add_running(Text& text) {
    if (running.what == Running::What::schedule) {
        text.add(" in schedule ");
        text.add(running.schedule);
        text.add(" of the hunt of seed ");
        text.add(running.seed);
    } else if (running.what == Running::What::token) {
        text.add(" in the run of ");
        text.add(std::string_view(running.token));
    }
}

void on_fatal(int signal) {
    Line line;
    line.add("cancelsim: internal fault: ");
    line.add(name_of_signal(signal));
    add_running(line);
    line.add("; please report this line\n");
    line.write();
    _exit(kInternalCode);
}

}  // namespace

std::string running_text() {
    struct Text {
        std::string text;
        void add(std::string_view more) { text += more; }
        void add(std::uint64_t number) { text += std::to_string(number); }
    } text;
    add_running(text);
    return text.text;
}

void report_faults() {
    static const FaultStack stack;
    struct sigaction action {};
    action.sa_handler = &on_fatal;
    action.sa_flags = SA_ONSTACK | SA_RESETHAND;
    for (const int signal : kFatal) sigaction(signal, &action, nullptr);
    std::set_terminate([] { on_fatal(SIGABRT); });  // the standard one says lines of its own
}

FaultStack::FaultStack() : memory_(new (std::nothrow) char[kStackBytes]) {
    if (memory_ == nullptr) return;  // then only a stack that is used up ends without a word
    stack_t stack{};
    stack.ss_sp = memory_.get();
    stack.ss_size = kStackBytes;
    sigaltstack(&stack, nullptr);
}

FaultStack::~FaultStack() {
    stack_t stack{};
    stack.ss_flags = SS_DISABLE;
    sigaltstack(&stack, nullptr);
}

}  // namespace cancelsim::properties
