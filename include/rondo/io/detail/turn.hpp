// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/waiter.hpp>

namespace rondo::detail {

/// Wakes and unlinks everybody in a list.
inline void wake_all(intrusive_list<waiter>& list) noexcept {
    while (waiter* w = list.pop_front()) {
        w->wake();
    }
}

/// Waits in a list of its owner's until woken, unless the owner says that there is no need to.
template <class Owner>
class turn : public waiter {
public:
    using rondo_awaitable = void;
    using condition = bool (*)(const Owner&) noexcept;

    turn(const Owner& owner, intrusive_list<waiter>& list, condition must_wait,
         const char* name) noexcept
        : owner_(&owner), list_(&list), must_wait_(must_wait), name_(name) {}
    turn(turn&&) noexcept = default;
    ~turn() {
        if (linked()) {
            list_->remove(*this);
        }
    }

    bool await_ready() {
        running_task(name_);
        waits_ = must_wait_(*owner_);
        return waits_ ? cancelled_before_start() : within_budget();
    }
    void await_suspend(std::coroutine_handle<> handle) noexcept {
        if (!waits_) {
            suspend_ready(handle);
            return;
        }
        suspend(handle);
        list_->push_back(*this);
    }
    void await_resume() const { throw_if_cancelled(); }

    cancel_answer cancel() noexcept override {
        list_->remove(*this);
        return cancel_answer::done;
    }
    const char* operation() const noexcept override { return name_; }

private:
    const Owner* owner_;
    intrusive_list<waiter>* list_;
    condition must_wait_;
    const char* name_;
    bool waits_ = false;
};

}  // namespace rondo::detail
