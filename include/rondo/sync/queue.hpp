// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/temporaries.hpp>
#include <rondo/sync/detail/item_store.hpp>
#include <rondo/sync/detail/mailbox.hpp>
#include <rondo/sync/detail/quick_awaiter.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace rondo {

/// get_nowait() found nothing.
class queue_empty : public std::runtime_error {
public:
    queue_empty() : std::runtime_error("the queue is empty") {}
};

/// put_nowait() found no room.
class queue_full : public std::runtime_error {
public:
    queue_full() : std::runtime_error("the queue is full") {}
};

/// The queue was shut down: nothing can be put any more, or nothing is left to get.
class queue_shut_down : public std::runtime_error {
public:
    queue_shut_down() : std::runtime_error("the queue was shut down") {}
};

namespace detail {

[[noreturn]] void throw_queue_empty();
[[noreturn]] void throw_queue_full();
[[noreturn]] void throw_queue_shut_down();

/// The counting side of a queue: how many items are finished, and who waits for all to be.
class queue_ledger {
public:
    explicit queue_ledger(const mailbox_core& box) noexcept : box_(&box) {}

    /// Throws invalid_argument when so many were not put.
    void finish_one();
    /// `n` items were dropped, some of which may count as finished already.
    void finish_dropped(std::size_t n);
    bool all_finished() const noexcept { return finished_ == box_->accepted(); }
    wait_list& joiners() noexcept { return joiners_; }

private:
    void wake_joiners();

    const mailbox_core* box_;
    std::size_t finished_ = 0;
    wait_list joiners_;
};

class queue_join_request {
public:
    using waiter = turn_waiter<queue_join_request>;
    static constexpr const char* operation = "queue::join";

    explicit queue_join_request(queue_ledger& ledger) noexcept : ledger_(&ledger) {}

    bool try_now() const noexcept { return ledger_->all_finished(); }
    wait_list& waiters() const noexcept { return ledger_->joiners(); }
    void result() const noexcept {}

private:
    queue_ledger* ledger_;
};

template <class T, class Store>
class queue_put_request {
public:
    using box_type = mailbox<T, Store>;
    using waiter = put_waiter<queue_put_request>;
    static constexpr const char* operation = "queue::put";

    queue_put_request(box_type& box, T&& item) noexcept : box_(&box), item_(std::move(item)) {}

    bool try_now() {
        if (box_->closed()) [[unlikely]] {
            refuse();
        }
        return box_->offer(item_);
    }
    bool try_at_once() { return !box_->closed() && box_->offer_at_once(item_); }
    [[noreturn]] static void refuse() { throw_queue_shut_down(); }
    void result() const noexcept {}

    box_type& box() const noexcept { return *box_; }
    T& item() noexcept { return item_; }

private:
    box_type* box_;
    T item_;
};

template <class T, class Store>
class queue_get_request {
public:
    using box_type = mailbox<T, Store>;
    using waiter = get_waiter<queue_get_request>;
    static constexpr const char* operation = "queue::get";

    explicit queue_get_request(box_type& box) noexcept : box_(&box) {}

    bool try_now() const {
        if (box_->has_item()) {
            return true;
        }
        if (box_->closed()) [[unlikely]] {
            refused();
        }
        return false;
    }
    bool try_at_once() const noexcept { return box_->size() > 0; }
    [[noreturn]] static T refused() { throw_queue_shut_down(); }
    T result() const { return box_->take(); }

    box_type& box() const noexcept { return *box_; }

private:
    box_type* box_;
};

}  // namespace detail

/// asyncio.Queue: items from tasks that make them to tasks that use them.
///
///     rondo::queue<job> jobs(100);
///     co_await jobs.put(std::move(j));             // waits while 100 are in it
///     job j = co_await jobs.get();                 // waits while it is empty
///
/// `queue<T>` gives what came first first, `lifo_queue<T>` what came last, `priority_queue<T>` what
/// is smallest (equal ones in the order they came). A comparison that throws changes nothing: the
/// put or get fails, and what waits for room waits on.
///
/// T may be move-only; its move constructor must not throw. No allocation per item. Fair on both
/// sides: whoever waits longest is served first, and nobody who comes later gets in between. A get
/// that is cancelled takes nothing, a put that is cancelled puts nothing; once a waiting get was
/// given an item, or a waiting put got its item in, it succeeds. Destroying the queue makes the
/// awaits of those who wait throw runtime_error. It serves one loop at a time, in that loop's
/// thread.
template <class T, class Store>
class basic_queue {
public:
    using value_type = T;

    /// For at most `maxsize` items; any number when that is 0 or less.
    explicit basic_queue(std::ptrdiff_t maxsize = 0)
        : maxsize_(maxsize),
          box_(maxsize > 0 ? static_cast<std::size_t>(maxsize) : static_cast<std::size_t>(-1)),
          ledger_(box_) {}
    basic_queue(const basic_queue&) = delete;
    basic_queue& operator=(const basic_queue&) = delete;

    /// Puts an item in, waiting for room.
    /// Returns: nothing. Throws: queue_shut_down; bad_alloc when an unbounded queue cannot grow;
    /// runtime_error when tasks of another loop wait. Cancellation: nothing is put. Fairness: first
    /// come, first served; yields only if it has to wait. Threads: the loop's.
    auto put(T item)
        requires(!detail::breaks_as_temporary<T>)
    {
        return put_item(std::move(item));
    }
    /// The same of an aggregate with GCC 12 and 13: a named one, or its parts in braces.
    auto put(detail::item_argument<T> item)
        requires detail::breaks_as_temporary<T>
    {
        return put_item(item.take());
    }
    template <class U = T>
        requires detail::breaks_as_temporary<U>
    auto put(U&& item) {
        detail::refuse_item<T>();
        return put_item(std::forward<U>(item));
    }
    /// Puts the item T(args...), which is made here and now: `co_await jobs.emplace(name, 1)`.
    /// Returns, Throws, Cancellation, Fairness, Threads: as put; also what making the item throws.
    template <class... Args>
        requires std::constructible_from<T, Args...>
    auto emplace(Args&&... args) {
        return put_item(T(std::forward<Args>(args)...));
    }
    /// Takes an item out, waiting for one.
    /// Returns: the item. Throws: queue_shut_down when the queue was shut down and is empty;
    /// runtime_error when tasks of another loop wait. Cancellation: nothing is taken. Fairness:
    /// first come, first served; yields only if it has to wait. Threads: the loop's.
    auto get() noexcept { return detail::quick_awaiter<detail::queue_get_request<T, Store>>(box_); }
    /// Throws queue_full, or queue_shut_down.
    void put_nowait(T item) {
        if (box_.closed()) {
            detail::throw_queue_shut_down();
        }
        if (!box_.offer(item)) {
            detail::throw_queue_full();
        }
    }
    /// Throws queue_empty, or queue_shut_down when nothing will come any more.
    T get_nowait() {
        if (!box_.has_item()) {
            box_.closed() ? detail::throw_queue_shut_down() : detail::throw_queue_empty();
        }
        return box_.take();
    }

    /// Says that an item that was taken out is dealt with. Throws invalid_argument when that was
    /// said more often than items were put.
    void task_done() { ledger_.finish_one(); }
    /// Waits until task_done() was called for every item that was put.
    /// Returns: nothing. Throws: runtime_error when tasks of another loop wait. Cancellation:
    /// leaves the queue alone. Fairness: yields only if it has to wait. Threads: the loop's.
    auto join() noexcept { return detail::quick_awaiter<detail::queue_join_request>(ledger_); }
    /// Puts fail from now on, gets only when the queue is empty; those who wait in vain get
    /// queue_shut_down. `immediate` drops the items that are in it, also one that a task was woken
    /// for and has not taken yet, and counts them as finished.
    void shutdown(bool immediate = false) {
        box_.close();
        if (immediate) {
            ledger_.finish_dropped(box_.drop_all());
        }
    }

    /// Items that get_nowait() could take, one after the other.
    std::size_t qsize() const noexcept { return box_.size(); }
    bool empty() const noexcept { return box_.size() == 0; }
    /// Whether put_nowait() would throw queue_full.
    bool full() const noexcept { return box_.full(); }
    std::ptrdiff_t maxsize() const noexcept { return maxsize_; }

private:
    auto put_item(T&& item) {
        return detail::quick_awaiter<detail::queue_put_request<T, Store>>(box_, std::move(item));
    }

    std::ptrdiff_t maxsize_;
    detail::mailbox<T, Store> box_;
    detail::queue_ledger ledger_;
};

template <class T>
using queue = basic_queue<T, detail::fifo_store<T>>;
template <class T>
using lifo_queue = basic_queue<T, detail::lifo_store<T>>;
template <class T, class Before = smaller_first>
using priority_queue = basic_queue<T, detail::priority_store<T, Before>>;

}  // namespace rondo
