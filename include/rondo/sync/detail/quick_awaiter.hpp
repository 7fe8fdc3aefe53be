// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/sync/detail/wait_list.hpp>

#include <coroutine>
#include <new>
#include <utility>

namespace rondo::detail {

/// Waits in `request.waiters()` for what the request wants. `refuse()` of the request throws what a
/// refused wait throws, if there can be such; `give_back()` undoes what was given to somebody who
/// is destroyed before he can go on.
template <class Request>
class turn_waiter final : public queued_waiter {
public:
    explicit turn_waiter(Request& request) noexcept : request_(&request) {}
    ~turn_waiter() {
        if constexpr (requires { request_->give_back(); }) {
            if (verdict_ == verdict::served) [[unlikely]] {
                request_->give_back();
            }
        }
    }

    Request& request() const noexcept { return *request_; }

    bool cancelled_before_waiting() { return cancelled_before_joining(request_->waiters()); }
    void await_suspend(std::coroutine_handle<> handle) noexcept {
        wait_in(request_->waiters(), handle);
    }
    auto await_resume() {
        if constexpr (requires { request_->refuse(); }) {
            if (verdict_ == verdict::refused) {
                request_->refuse();
            }
        }
        check_end();
        verdict_ = verdict::none;  // what was given is the coroutine's now
        return request_->result();
    }
    const char* operation() const noexcept override { return Request::operation; }

private:
    Request* request_;
};

/// The await of something that mostly can be had at once. Its waiter is made only when the task has
/// to wait, since making one takes longer than, say, taking an item out of a queue.
///
/// A request has
///     bool try_now();      does what is wanted, if that can be done now; may throw
///     bool try_at_once();  optional: the same, and may say no where that takes more than a glance
///     auto result();       what the await gives, after try_now() or after the wait
///     typename waiter;     waits for the same, made from the request: a queued_waiter, with
///                          cancelled_before_waiting() in place of await_ready()
///
/// What is rare is in functions of its own: whoever calls a function saves registers for it.
template <class Request>
class [[nodiscard("co_await it")]] quick_awaiter {
public:
    using rondo_awaitable = void;

    template <class... Args>
    explicit quick_awaiter(Args&&... args) noexcept : request_(std::forward<Args>(args)...) {}
    /// Until it is awaited it may be moved.
    quick_awaiter(quick_awaiter&& other) noexcept : request_(std::move(other.request_)) {
        RONDO_ASSERT(!other.waits_, "an await is moved");
    }
    quick_awaiter& operator=(quick_awaiter&&) = delete;
    ~quick_awaiter() {
        if (waits_) [[unlikely]] {
            waiter_.~waiter();
        }
    }

    bool await_ready() { return do_at_once() || do_now_or_wait(); }
    void await_suspend(std::coroutine_handle<> handle) { waiter_.await_suspend(handle); }
    auto await_resume() {
        if (waits_) [[unlikely]] {
            return end_wait();
        }
        return request_.result();
    }

private:
    using waiter = typename Request::waiter;

    bool do_at_once() {
        if (exec.budget > 1 && try_at_once()) [[likely]] {
            --exec.budget;
            return true;
        }
        return false;
    }
    bool try_at_once() {
        if constexpr (requires { request_.try_at_once(); }) {
            return request_.try_at_once();
        } else {
            return request_.try_now();
        }
    }
    [[gnu::noinline]] bool do_now_or_wait() {
        if (!request_.try_now()) {
            return make_waiter().cancelled_before_waiting();
        }
        if (exec.budget > 1) [[likely]] {
            --exec.budget;
            return true;
        }
        return make_waiter().complete_now();
    }
    [[gnu::noinline]] auto end_wait() { return waiter_.await_resume(); }
    waiter& make_waiter() {
        ::new (&waiter_) waiter(request_);
        waits_ = true;
        return waiter_;
    }

    Request request_;
    bool waits_ = false;
    union {
        waiter waiter_;
    };
};

}  // namespace rondo::detail
