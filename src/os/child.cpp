// SPDX-License-Identifier: MIT
#include "os/child.hpp"

#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/debug.hpp>
#include <rondo/io/detail/turn.hpp>

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

namespace rondo::detail {

namespace {

/// How long the end of a process may take after SIGKILL, before it is left to the system: it may
/// hang in the kernel, as with a disk that does not answer.
constexpr auto patience = std::chrono::seconds(5);

}  // namespace

// ---- all children of a loop

coro<void> loop_children::shutdown() {
    leave_to_parent();
    kill_all();
    const auto until_reaped = [this]() -> coro<void> {
        turn<loop_children> wait(*this, idlers_, has_any, "children");
        co_await wait;
    };
    co_await move_on_after(patience, until_reaped);
}

void loop_children::remove(child& c) noexcept {
    children_.remove(c);
    if (children_.empty()) {
        wake_all(idlers_);
    }
}

void loop_children::kill_all() noexcept {
    for (child* c = children_.front(); c != nullptr; c = children_.after(*c)) {
        c->send_signal(sys::signal_kill);
    }
}

void loop_children::leave_to_parent() noexcept {
    child* next = nullptr;
    for (child* c = children_.front(); c != nullptr; c = next) {
        next = children_.after(*c);
        if (c->is_of_parent()) {
            c->give_up();
        }
    }
}

void loop_children::close() noexcept {
    leave_to_parent();
    kill_all();
    while (child* c = children_.front()) {
        c->loop_closes();
    }
}

// ---- one child

child_ref child::adopt(sys::spawned process) {
    auto made = child_ref::adopt(*new child(running_core("a child process"), std::move(process)));
    if (made->process_.pidfd) {
        made->watch();
    } else {
        made->lose_status();
    }
    return made;
}

void child::watch() {
    loop_children& all = loop_children::of(*loop_);
    watch_ = fd_ref::adopt(
        *new fd_state(process_.pidfd.get(), fd_state::ownership::borrowed, fd_kind::signal));
    watch_->watch();
    watch_->wait(io_side::read, *this);
    all.add(*this);
    siblings_ = &all;
    retain();
}

bool child::is_of_parent() const noexcept { return parent_ != sys::process_id(); }

int child::send_signal(int signal) noexcept {
    if (returncode_) {
        return 0;
    }
    if (is_of_parent()) {
        return -ECHILD;
    }
    const int result = sys::send_signal(process_.pidfd.get(), signal);
    if (signal == sys::signal_kill && result == 0 && !std::exchange(counted_, true)) {
        loop_->thread_work_begins();  // a simulated clock stands still until it is gone
    }
    return result == -ESRCH ? 0 : result;
}

bool child::try_again() noexcept {
    if (is_of_parent()) {
        give_up();
        return true;
    }
    sys::child_end end;
    if (sys::reap(process_.pidfd.get(), end) < 0) {
        lose_status();
        return true;
    }
    if (end.ended) {
        finish(end.returncode);
    }
    return end.ended;
}

void child::lose_status() noexcept {
    char line[160];
    std::snprintf(line, sizeof line,
                  "how child process %d ended is unknown, because somebody else has reaped it or "
                  "SIGCHLD is ignored; its returncode is given as 255",
                  static_cast<int>(pid()));
    loop_->report(line);
    finish(unknown_returncode);
}

void child::finish(int returncode) noexcept {
    returncode_ = returncode;
    wake_all(waiters_);
    if (siblings_ == nullptr) {
        return;
    }
    if (std::exchange(counted_, false)) {
        loop_->thread_work_ends();
    }
    watch_->close();
    watch_ = {};
    process_.pidfd = {};
    std::exchange(siblings_, nullptr)->remove(*this);
    release();
}

void child::loop_closes() noexcept {
    sys::wait_for_end(process_.pidfd.get(), std::chrono::milliseconds(patience).count());
    const auto keep = child_ref::share(*this);
    if (!try_again()) {
        char line[96];
        std::snprintf(line, sizeof line,
                      "child process %d was killed and does not end; it is left to the system",
                      static_cast<int>(pid()));
        warn(line);
        finish(-sys::signal_kill);
    }
}

}  // namespace rondo::detail
