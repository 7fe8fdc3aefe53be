// SPDX-License-Identifier: MIT
#include <rondo/core/as_completed.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>

namespace rondo::detail {

completion_order::completion_order(const members& of, time_point deadline)
    : members_(of.size()), deadline_(deadline) {
    ended_.reserve(of.size());
    for (std::size_t i = 0; i < of.size(); ++i) {
        members_[i].owner = this;
        members_[i].core = of[i];
        if (of[i]->done()) {
            ended_.push_back(i);
        } else {
            of[i]->add_listener(members_[i]);
        }
    }
}

completion_order::~completion_order() {
    for (member& m : members_) {
        if (m.linked()) {
            m.core->remove_listener(m);
        }
    }
}

void completion_order::member_done(const member& m) noexcept {
    ended_.push_back(static_cast<std::size_t>(&m - members_.data()));
    if (waiting_ != nullptr) {
        awaiter& first = *waiting_;
        first.stop_waiting();
        first.wake();
    }
}

// ---- the await

bool completion_order::awaiter::await_ready() {
    if (of_->given_ == of_->ended_.size()) {
        running_task("as_completed");
        return cancelled_before_start();
    }
    yields_ = !within_budget();
    return !yields_;
}

void completion_order::awaiter::await_suspend(std::coroutine_handle<> handle) {
    if (yields_) {
        suspend_ready(handle);
        return;
    }
    if (of_->deadline_ != time_point::max()) {
        exec.current->loop()->engine().arm(*this, of_->deadline_);
    }
    suspend(handle);
    of_->waiting_ = this;
}

std::size_t completion_order::awaiter::await_resume() {
    throw_if_cancelled();
    if (of_->given_ == of_->ended_.size()) {
        throw timeout_error();
    }
    return of_->ended_[of_->given_++];
}

void completion_order::awaiter::expire() noexcept {
    of_->waiting_ = nullptr;
    wake();
}

cancel_answer completion_order::awaiter::cancel() noexcept {
    stop_waiting();
    return cancel_answer::done;
}

void completion_order::awaiter::stop_waiting() noexcept {
    if (armed()) {
        waiting_task().loop()->timers().disarm(*this);
    }
    if (of_->waiting_ == this) {
        of_->waiting_ = nullptr;
    }
}

void completion_order::awaiter::awaited(std::vector<const future_core*>& list) const {
    for (const member& m : of_->members_) {
        if (!m.core->done()) {
            list.push_back(m.core.get());
        }
    }
}

}  // namespace rondo::detail
