// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/sync/wait_list.hpp>

#include <coroutine>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace rondo::detail {

/// What queues and channels share, apart from the items.
///
/// A waiting getter is not handed an item but a claim to one: it takes the item when it runs, so
/// that items leave in the order of the store, and nobody else can have the one it will take.
///
/// Invariants: the store holds size_ + claimed_.size() items; getters wait only while size_ is 0
/// and no putter waits; putters wait only while size_ is limit_ or more.
class mailbox_core {
public:
    explicit mailbox_core(std::size_t limit) noexcept : limit_(limit) {}

    std::size_t size() const noexcept { return size_; }
    bool full() const noexcept { return size_ >= limit_; }
    /// Whether an item can be taken: from the store, or from a putter's hands.
    bool has_item() { return size_ > 0 || putters_.next() != nullptr; }
    /// How many items were accepted so far.
    std::size_t accepted() const noexcept { return accepted_; }

    /// Nothing is accepted any more; what is here can still be taken.
    bool closed() const noexcept { return closed_; }
    /// Those who wait in vain are refused.
    void close() noexcept;

    wait_list& getters() noexcept { return getters_; }
    wait_list& putters() noexcept { return putters_; }

    /// The getter gets a claim to an item that is in the store and not counted in size_.
    void give_claim(queued_waiter& getter) noexcept;
    /// Takes the claim back from a getter that goes away; the next one gets it.
    void return_claim(queued_waiter& getter) noexcept;

protected:
    bool closed_ = false;
    std::size_t size_ = 0;  // items that nobody has a claim to
    std::size_t limit_;
    std::size_t accepted_ = 0;
    wait_list getters_;
    wait_list claimed_;  // getters that were woken and have not run yet
    wait_list putters_;
};

template <class T, class Store>
class mailbox : public mailbox_core {
public:
    static_assert(
        std::is_nothrow_move_constructible_v<T>,
        "items of queues and channels are moved where nothing may fail: use a type with a "
        "noexcept move constructor, or a unique_ptr to this one");

    class putter;

    using mailbox_core::mailbox_core;

    /// Takes `item` if there is a getter or room for it.
    bool offer(T& item) {
        if (queued_waiter* getter = getters_.next()) {
            store_.push(std::move(item));
            ++accepted_;
            give_claim(*getter);
            return true;
        }
        if (full()) {
            return false;
        }
        store_.push(std::move(item));
        ++accepted_;
        ++size_;
        return true;
    }

    /// Takes an item out. REQUIRES: has_item().
    T take() {
        if (size_ == 0) {
            admit(*putters_.first());
        }
        queued_waiter* next_putter = putters_.next();
        T item = store_.pop();
        --size_;
        if (next_putter != nullptr && !full()) [[unlikely]] {
            admit(*next_putter);
        }
        return item;
    }

    /// Sets an item aside for a getter that will run later. REQUIRES: has_item().
    void claim(queued_waiter& getter) {
        if (size_ == 0) {
            admit_next();
        }
        --size_;
        claimed_.push(getter);
        if (!full()) {
            admit_next();
        }
    }

    /// The item of a getter with a claim.
    T redeem(queued_waiter& getter) noexcept {
        claimed_.remove(getter);
        return store_.pop();
    }

    /// Drops all items; getters with a claim are refused. How many there were.
    std::size_t drop_all() noexcept {
        const std::size_t dropped = store_.size();
        claimed_.dismiss_all(verdict::refused);
        size_ = 0;
        store_.clear();
        return dropped;
    }
    /// Drops the items that nobody has a claim to.
    void drop_unclaimed() noexcept {
        while (size_ > 0) {
            --size_;
            store_.drop_last();
        }
    }

private:
    /// Takes the item out of the putter's hands.
    void admit(queued_waiter& w) {
        store_.push(std::move(static_cast<putter&>(w).item_));
        ++accepted_;
        ++size_;
        w.dismiss(verdict::served);
    }
    void admit_next() {
        if (queued_waiter* next = putters_.next()) {
            admit(*next);
        }
    }

    Store store_;
};

/// The await of a put: holds the item until it is accepted.
template <class T, class Store>
class mailbox<T, Store>::putter : public queued_waiter {
public:
    void await_suspend(std::coroutine_handle<> handle) noexcept {
        wait_in(box_->putters(), handle);
    }

protected:
    putter(mailbox& box, T&& item) noexcept : box_(&box), item_(std::move(item)) {}
    putter(putter&&) = default;
    ~putter() = default;

    bool put_or_wait() {
        return box_->offer(item_) ? complete_now() : cancelled_before_joining(box_->putters());
    }

    mailbox* box_;

private:
    friend class mailbox;

    T item_;
};

/// The await of a get.
template <class Mailbox>
class mailbox_getter : public queued_waiter {
public:
    void await_suspend(std::coroutine_handle<> handle) {
        if (verdict_ == verdict::served) {
            box_->claim(*this);
            suspend_ready(handle);
        } else {
            wait_in(box_->getters(), handle);
        }
    }

protected:
    explicit mailbox_getter(Mailbox& box) noexcept : box_(&box) {}
    mailbox_getter(mailbox_getter&&) = default;
    ~mailbox_getter() {
        if (linked() && verdict_ == verdict::served) [[unlikely]] {
            box_->return_claim(*this);
        }
    }

    /// REQUIRES: the await ended neither with a cancellation nor with a refusal.
    auto take() { return linked() ? box_->redeem(*this) : box_->take(); }

    Mailbox* box_;
};

}  // namespace rondo::detail
