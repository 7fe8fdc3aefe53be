// SPDX-License-Identifier: MIT
#include "sys/signal.hpp"

#include "sys/dispositions.hpp"
#include "sys/door.hpp"
#include "sys/sys.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

// What the signal handler touches: lock-free atomics, and write(). The kernel's lock of the eventfd
// orders the bit before the write(), and take_signals() after the read() that clears it: no bit is
// left behind without a sign.
std::atomic<std::uint64_t> noted{0};
std::atomic<int> eventfd_of_signals{-1};

/// What the caught signals did before; the main thread's.
struct sigaction before[65] = {};

void note_signal(int signal) {
    noted.fetch_or(signal_bit(signal));
    eventfd_signal(eventfd_of_signals.load());
}

/// Else a signal of the child would be told to the parent, and taken by whoever looks first. Under
/// the same number, so that nobody need be told.
void have_another_in_child() {
    const int fd = eventfd_of_signals.load();
    const int own = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd >= 0 && own >= 0) {
        ::dup3(own, fd, O_CLOEXEC);
    }
    if (own >= 0) {
        ::close(own);
    }
    if (noted.load() != 0) {
        eventfd_signal(fd);
    }
}

}  // namespace

bool is_main_thread() noexcept { return ::getpid() == static_cast<pid_t>(::syscall(SYS_gettid)); }

std::string signal_name(int signal) {
    const char* name = ::sigabbrev_np(signal);
    return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

bool is_fault(int signal) noexcept {
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL;
}

int signal_eventfd() noexcept {
    if (eventfd_of_signals.load() < 0) {
        eventfd_of_signals.store(eventfd());
        [[maybe_unused]] static const int once =
            ::pthread_atfork(nullptr, nullptr, have_another_in_child);
    }
    return eventfd_of_signals.load();
}

int catch_signal(int signal) noexcept {
    struct sigaction ours{};
    ours.sa_handler = note_signal;
    ours.sa_flags = SA_RESTART;
    return ask(call::sigaction, [&] { return ::sigaction(signal, &ours, &before[signal]); });
}

void release_signal(int signal) noexcept {
    ::sigaction(signal, &before[signal], nullptr);
    noted.fetch_and(~signal_bit(signal));
}

std::uint64_t take_signals() noexcept { return noted.exchange(0); }

void replace_saved(int signal, void (*handler)(int), const struct sigaction& instead) noexcept {
    if (is_catcher(before[signal], handler)) {
        before[signal] = instead;
    }
}

}  // namespace rondo::sys
