// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/threads/detail/remote_waiter.hpp>
#include <rondo/threads/detail/thread_mutex.hpp>

#include <coroutine>

namespace rondo::detail {

/// Waiters of many loops, first in, first out, under the mutex of what they wait for. Every member
/// wants that mutex to be held.
class remote_wait_list {
public:
    bool empty() const noexcept { return waiting_.empty(); }
    void join(remote_waiter& waiter) noexcept { waiting_.push_back(waiter); }
    remote_waiter* pop() noexcept { return static_cast<remote_waiter*>(waiting_.pop_front()); }
    /// Whether it was still in the list.
    bool leave(remote_waiter& waiter) noexcept {
        if (!waiter.linked()) {
            return false;
        }
        waiting_.remove(waiter);
        return true;
    }
    void ring_all() noexcept {
        while (remote_waiter* waiter = pop()) {
            waiter->ring();
        }
    }

private:
    intrusive_list<listener> waiting_;
};

/// The await of something that any thread may bring about. Who derives from it says, under the
/// mutex, whether that is so already; otherwise the awaiter stands in the list until it is popped
/// and rung.
class shared_awaiter : public remote_waiter {
public:
    using rondo_awaitable = void;

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    cancel_answer cancel() noexcept override;

protected:
    shared_awaiter(thread_mutex& mutex, remote_wait_list& list) noexcept
        : mutex_(&mutex), list_(&list) {}
    shared_awaiter(shared_awaiter&&) = default;
    ~shared_awaiter();

    virtual bool try_now() = 0;

    thread_mutex& mutex() const noexcept { return *mutex_; }
    /// Under the mutex: nobody will ring any more. Whether nobody has.
    bool leave() noexcept { return list_->leave(*this); }

private:
    thread_mutex* mutex_;
    remote_wait_list* list_;
    bool done_ = false;
};

}  // namespace rondo::detail
