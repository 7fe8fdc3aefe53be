// SPDX-License-Identifier: MIT
#include <rondo/core/join.hpp>

#include <rondo/core/loop.hpp>
#include <rondo/core/task_core.hpp>

#include <stdexcept>

namespace rondo::detail {

join_awaiter::join_awaiter(members of, join_until until, join_cancel on_cancel)
    : members_(std::move(of)),
      listeners_(std::make_unique<member[]>(members_.size())),
      until_(until),
      on_cancel_(on_cancel) {
    for (std::size_t i = 0; i < members_.size(); ++i) {
        listeners_[i].owner = this;
        listeners_[i].core = members_[i].get();
    }
}

join_awaiter::~join_awaiter() { unlink_all(); }

bool join_awaiter::is_decisive(const future_core& done) const noexcept {
    switch (until_) {
        case join_until::all_done:
            return false;
        case join_until::first_done:
            return true;
        case join_until::first_exception:
            return done.state() == future_state::error;
        case join_until::first_failure:
            return done.state() != future_state::value;
    }
    return false;
}

bool join_awaiter::await_ready() {
    task_core& task = running_task("waiting for several");
    pending_ = 0;
    for (const auto& m : members_) {
        if (!m->done()) {
            if (m->loop() == nullptr) {
                m->bind(*task.loop());
            } else if (m->loop() != task.loop()) {
                throw std::runtime_error(
                    "waiting for a task or future that belongs to another event loop");
            }
            ++pending_;
        } else if (decisive_ == nullptr && is_decisive(*m)) {
            decisive_ = m.get();
        }
    }
    if (decisive_ != nullptr || pending_ == 0) {
        return true;
    }
    return on_cancel_ != join_cancel::insist && cancelled_before_start();
}

void join_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    suspend(handle);
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (!members_[i]->done()) {
            members_[i]->add_listener(listeners_[i]);
        }
    }
}

void join_awaiter::member_done(member& m) noexcept {
    --pending_;
    const bool decides = is_decisive(*m.core);
    if (!decides && pending_ > 0) {
        return;
    }
    decisive_ = decides ? m.core : nullptr;
    unlink_all();
    wake();
}

void join_awaiter::unlink_all() noexcept {
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (listeners_[i].linked()) {
            members_[i]->remove_listener(listeners_[i]);
        }
    }
}

cancel_answer join_awaiter::cancel() noexcept {
    if (on_cancel_ == join_cancel::leave) {
        unlink_all();
        return cancel_answer::done;
    }
    forwarded_ = true;
    // Cancelling a plain future completes it at once, which may end this wait while we go through
    // the members; they are kept alive by members_.
    for (const auto& m : members_) {
        m->cancel(waiting_task().cancel_message());
    }
    return cancel_answer::forwarded;
}

void join_awaiter::awaited(std::vector<const future_core*>& list) const {
    for (const auto& m : members_) {
        list.push_back(m.get());
    }
}

}  // namespace rondo::detail
