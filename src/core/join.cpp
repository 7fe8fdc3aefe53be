// SPDX-License-Identifier: MIT
#include <rondo/core/detail/join.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/event_loop.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

join_awaiter::join_awaiter(const char* operation, members of, join_until until, members belonging)
    : operation_(operation),
      members_(std::move(of)),
      belonging_(std::move(belonging)),
      listeners_(members_.size()),
      until_(until) {
    for (std::size_t i = 0; i < members_.size(); ++i) {
        listeners_[i].owner = this;
        listeners_[i].core = members_[i].get();
    }
}

join_awaiter::join_awaiter(insist, const char* operation, members of)
    : join_awaiter(operation, of, join_until::all_done, of) {
    insists_ = true;
}

join_awaiter::join_awaiter(insist, join_awaiter& before, members of) noexcept
    : operation_(before.operation_),
      members_(std::move(of)),
      belonging_(std::exchange(before.members_, {})),
      listeners_(std::move(before.listeners_)),
      until_(join_until::all_done),
      insists_(true) {
    belonging_.assign(members_.begin(), members_.end());
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
            return done.has_error();
        case join_until::first_failure:
            return !done.has_value();
    }
    return false;
}

bool join_awaiter::is_over(const task_core& task) {
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
    return decisive_ != nullptr || pending_ == 0;
}

bool join_awaiter::await_ready() { return is_over(running_task(operation_)); }

void join_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    suspend(handle);
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (!members_[i]->done()) {
            members_[i]->add_listener(listeners_[i]);
        }
    }
    if (!insists_) {
        waiting_task().deliver_cancel();  // one that was pending before is passed on as well
    }
}

void join_awaiter::await_resume() {
    throw_if_cancelled();
    if (!passed_on_) {
        return;
    }
    if (decisive_ != nullptr && decisive_->is_cancelled()) {
        waiting_task().consume_edge();  // its error stands for every request so far
        return;
    }
    passed_on_ = somebody_was_reached();
    if (!passed_on_ && request_was_forwarded()) {
        waiting_task().take_back_request();
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
    if (belonging_.empty() || cancel_came_round()) {
        unlink_all();
        return cancel_answer::done;
    }
    passed_on_ = true;
    const std::string& message = waiting_task().cancel_message();
    // Cancelling a plain future completes it at once, which may end this wait meanwhile.
    std::erase_if(belonging_,
                  [&](const core_ref<future_core>& m) { return !m->pass_cancel_on(message); });
    return insists_ ? cancel_answer::deferred : cancel_answer::forwarded;
}

/// Of those who were asked; a task that had its result already was not reached.
bool join_awaiter::somebody_was_reached() const noexcept {
    return std::any_of(belonging_.begin(), belonging_.end(), [](const auto& m) {
        return !m->is_task() || !static_cast<const task_core&>(*m).left_request_unanswered();
    });
}

void join_awaiter::awaited(std::vector<const future_core*>& list) const {
    for (const auto& m : members_) {
        list.push_back(m.get());
    }
}

// ---- guests

scope_guest::scope_guest(scope_core& in, task_core& guest) noexcept : in_(&in) {
    task = &guest;
    in.add_member(*this);
}

scope_guest::scope_guest(scope_guest&& other) noexcept : in_(other.in_) {
    task = other.task;
    in_->remove_member(other);
    in_->add_member(*this);
}

scope_guest::~scope_guest() {
    if (!linked()) {
        return;
    }
    in_->remove_member(*this);
    if (task->phase() == task_phase::done) {
        return;
    }
    // Either the waiting frame is destroyed in its wait, or there was no memory to begin that: then
    // the guest must not begin either, because it may refer to the caller's frame.
    task->set_scope(nullptr);
    if (!task->started()) {
        task->request_cancel({});
    }
}

}  // namespace rondo::detail
