// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/temporaries.hpp>
#include <rondo/sync/detail/item_store.hpp>
#include <rondo/sync/queue.hpp>
#include <rondo/threads/detail/remote_wait_list.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <utility>

namespace rondo {

/// A queue between threads: any thread puts and gets without waiting, and tasks of any loop wait
/// for an item, or for room. First in, first out. For one loop take `queue`, which is several times
/// as fast.
///
///     rondo::threadsafe_queue<job> jobs(100);
///     // in any thread:               in any loop:
///     jobs.put_nowait(std::move(j));  job j = co_await jobs.get();
///
/// It must outlive who waits for it. A default-constructed one is unbounded, and so is one of 0.
/// T's move constructor must not throw.
template <class T>
class threadsafe_queue {
    static_assert(
        std::is_nothrow_move_constructible_v<T>,
        "items of queues and channels are moved where nothing may fail: use a type with a "
        "noexcept move constructor, or a unique_ptr to this one");

public:
    class putter;
    class getter;

    explicit threadsafe_queue(std::size_t maxsize = 0) : maxsize_(maxsize) {}
    threadsafe_queue(const threadsafe_queue&) = delete;
    threadsafe_queue& operator=(const threadsafe_queue&) = delete;

    /// Returns (co_await): nothing. Throws: queue_shut_down; bad_alloc; cancelled_error.
    /// Cancellation: the item is not put. Fairness: yields only if it waits for room. Threads: any
    /// loop's.
    [[nodiscard]] putter put(T item)
        requires(!detail::breaks_as_temporary<T>)
    {
        return putter(*this, std::move(item));
    }
    /// The same of an aggregate with GCC 12 and 13: a named one, or its parts in braces.
    [[nodiscard]] putter put(detail::item_argument<T> item)
        requires detail::breaks_as_temporary<T>
    {
        return putter(*this, item.take());
    }
    template <class U = T>
        requires detail::breaks_as_temporary<U>
    [[nodiscard]] putter put(U&& item) {
        detail::refuse_item<T>();
        return putter(*this, std::forward<U>(item));
    }
    /// Puts the item T(args...), which is made here and now: `co_await jobs.emplace(name, 1)`.
    /// Returns, Throws, Cancellation, Fairness, Threads: as put; also what making the item throws.
    template <class... Args>
        requires std::constructible_from<T, Args...>
    [[nodiscard]] putter emplace(Args&&... args) {
        return putter(*this, T(std::forward<Args>(args)...));
    }
    /// Returns (co_await): the item. Throws: queue_shut_down when it was shut down and is empty;
    /// cancelled_error. Cancellation: takes nothing; an item that was handed over already wins.
    /// Fairness: yields only if it waits. Threads: any loop's.
    [[nodiscard]] getter get() { return getter(*this); }

    /// Throws queue_full, or queue_shut_down. Threads: any.
    void put_nowait(T item) {
        const detail::thread_lock lock(mutex_);
        if (shut_down_) {
            detail::throw_queue_shut_down();
        }
        if (is_full()) {
            detail::throw_queue_full();
        }
        deliver(std::move(item));
    }
    /// Throws queue_empty, or queue_shut_down when it was shut down and is empty. Threads: any.
    T get_nowait() {
        const detail::thread_lock lock(mutex_);
        if (items_.size() == 0) {
            shut_down_ ? detail::throw_queue_shut_down() : detail::throw_queue_empty();
        }
        return take();
    }
    /// Nothing can be put any more; what is there can still be got. Threads: any.
    void shutdown() {
        const detail::thread_lock lock(mutex_);
        shut_down_ = true;
        getters_.ring_all();
        putters_.ring_all();
    }

    /// A moment later it may be another number. Threads: any.
    std::size_t qsize() const {
        const detail::thread_lock lock(mutex_);
        return items_.size();
    }
    std::size_t maxsize() const noexcept { return maxsize_; }

private:
    // All of these want the mutex to be held.
    bool is_full() const noexcept { return maxsize_ != 0 && items_.size() >= maxsize_; }
    /// Gives it to who has waited longest, or keeps it.
    void deliver(T item) {
        if (auto* to = static_cast<getter*>(getters_.pop())) {
            to->item_.emplace(std::move(item));
            to->ring();
        } else {
            items_.push(std::move(item));
        }
    }
    /// The first item; there must be one. Whoever waits for room gets it.
    T take() {
        T item = items_.pop();
        if (auto* from = static_cast<putter*>(putters_.pop())) {
            items_.push(std::move(*from->item_));
            from->item_.reset();
            from->ring();
        }
        return item;
    }

    mutable detail::thread_mutex mutex_;
    detail::remote_wait_list getters_;
    detail::remote_wait_list putters_;
    detail::fifo_store<T> items_;
    std::size_t maxsize_;
    bool shut_down_ = false;
};

/// The await of put().
template <class T>
class threadsafe_queue<T>::putter final : public detail::shared_awaiter {
public:
    putter(threadsafe_queue& to, T item)
        : shared_awaiter(to.mutex_, to.putters_), to_(&to), item_(std::move(item)) {}
    void await_resume() const {
        throw_if_cancelled();
        if (item_) {
            detail::throw_queue_shut_down();
        }
    }
    const char* operation() const noexcept override { return "threadsafe_queue::put"; }

private:
    friend threadsafe_queue;
    bool try_now() override {
        if (to_->shut_down_) {
            return true;
        }
        if (to_->is_full()) {
            return false;
        }
        to_->deliver(std::move(*item_));
        item_.reset();
        return true;
    }

    threadsafe_queue* to_;
    std::optional<T> item_;  // until it is put
};

/// The await of get().
template <class T>
class threadsafe_queue<T>::getter final : public detail::shared_awaiter {
public:
    explicit getter(threadsafe_queue& from)
        : shared_awaiter(from.mutex_, from.getters_), from_(&from) {}
    getter(getter&&) = default;
    /// Its loop may end before it gets what it was given: others get that.
    ~getter() {
        const detail::thread_lock lock(mutex());
        leave();
        if (item_) {
            from_->deliver(std::move(*item_));
        }
    }
    T await_resume() {
        throw_if_cancelled();
        if (!item_) {
            detail::throw_queue_shut_down();
        }
        T item = std::move(*item_);
        item_.reset();
        return item;
    }
    const char* operation() const noexcept override { return "threadsafe_queue::get"; }

private:
    friend threadsafe_queue;
    bool try_now() override {
        if (from_->items_.size() > 0) {
            item_.emplace(from_->take());
            return true;
        }
        return from_->shut_down_;
    }

    threadsafe_queue* from_;
    std::optional<T> item_;  // once it is got
};

}  // namespace rondo
