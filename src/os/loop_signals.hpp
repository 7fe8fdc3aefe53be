// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/core/handle.hpp>
#include <rondo/core/loop_service.hpp>
#include <rondo/os/signals.hpp>

#include <array>
#include <cstdint>
#include <optional>

namespace rondo::detail {

class loop_signals;

/// A handler of one signal: a callback that is queued each time the signal arrives. Owned by
/// loop_signals, and by the ring while it is queued; cancelled when it is removed.
class signal_handler final : public handle_core {
public:
    signal_handler(loop_core& loop, unique_function<void()> fn);

    void queue() noexcept;
    void run() noexcept override;
    void drop() noexcept override;

private:
    ~signal_handler() override;
    bool queued_ = false;
};

/// What one signal_source has caught and not given yet. Counted: by it, and by calls of next().
class signal_watch final : public list_node {
public:
    signal_watch(loop_signals& in, signal_set wanted);
    signal_watch(const signal_watch&) = delete;
    signal_watch& operator=(const signal_watch&) = delete;

    void note(std::uint64_t arrived) noexcept;
    static bool must_wait(const signal_watch& w) noexcept {
        return w.arrived_ == 0 && w.in_ != nullptr;
    }
    /// The one with the lowest number; none when it has stopped.
    std::optional<int> take() noexcept;
    intrusive_list<waiter>& waiters() noexcept { return waiters_; }
    /// Nothing arrives any more, and those who wait are told. May be repeated.
    void stop() noexcept;

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

private:
    ~signal_watch() { stop(); }

    loop_signals* in_;  // null once it has stopped
    signal_set wanted_;
    std::uint64_t arrived_ = 0;
    intrusive_list<waiter> waiters_;
    unsigned references_ = 1;
};

/// What a loop has of signals.
///
/// Invariants:
///  1. a signal is caught exactly while somebody wants it: its handler, or a signal_watch;
///  2. the loop watches the eventfd, and no other loop handles signals, exactly while any is
///  caught.
class loop_signals final : public loop_service, public io_waiter {
public:
    explicit loop_signals(event_loop& loop) noexcept : loop_(&core_of(loop)) {}

    /// Throws runtime_error when the running loop may not handle signals.
    static loop_signals& of_running_loop(const char* operation);

    void set_handler(int signal, unique_function<void()> fn);
    bool remove_handler(int signal) noexcept;
    void remove_all_handlers() noexcept;

    void add(signal_watch& watch, signal_set wanted);
    void remove(signal_watch& watch, signal_set wanted) noexcept;

    coro<void> shutdown() override;
    void close() noexcept override;

private:
    bool try_again() noexcept override;
    void turned_away() noexcept override {}

    void want(int signal, const char* operation);
    void do_not_want(int signal) noexcept;
    void begin_watch(const char* operation);
    void end_watch() noexcept;

    loop_core* loop_;
    fd_ref watch_;  // of the eventfd
    int caught_ = 0;
    std::array<int, 65> wanted_by_{};
    std::array<signal_handler*, 65> handlers_{};
    intrusive_list<signal_watch> watches_;
};

}  // namespace rondo::detail
