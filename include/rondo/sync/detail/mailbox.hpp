// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/sync/detail/wait_list.hpp>

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
        accept(item);
        return true;
    }
    /// The same where nobody waits and no memory is needed for it.
    bool offer_at_once(T& item) {
        if (!getters_.empty() || full() || !store_.has_room()) {
            return false;
        }
        accept(item);
        return true;
    }

    /// Takes an item out. REQUIRES: has_item().
    T take() {
        if (putters_.empty()) [[likely]] {
            T item = store_.pop();
            --size_;
            return item;
        }
        return take_and_admit();
    }

    /// Sets an item aside, if there is one, for a getter that will run later.
    [[gnu::noinline]] void claim_if_any(queued_waiter& getter) {
        if (!has_item()) {
            return;  // nothing will come any more: it only pauses to hear that
        }
        if (size_ == 0) {
            admit_next();
        }
        --size_;
        claimed_.push(getter);
        if (!full()) {
            admit_if_possible(putters_.next());
        }
    }

    /// The item of a getter with a claim.
    T redeem(queued_waiter& getter) {
        T item = store_.pop();
        claimed_.remove(getter);
        return item;
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
    void accept(T& item) {
        store_.push(std::move(item));
        ++accepted_;
        ++size_;
    }
    [[gnu::noinline]] T take_and_admit() {
        if (size_ == 0) {
            admit(*putters_.first());
        }
        queued_waiter* next_putter = putters_.next();
        T item = store_.pop();
        --size_;
        if (!full()) {
            admit_if_possible(next_putter);
        }
        return item;
    }
    /// Takes the item out of the putter's hands.
    void admit(queued_waiter& w) {
        accept(*static_cast<putter&>(w).item_);
        w.dismiss(verdict::served);
    }
    void admit_next() {
        if (queued_waiter* next = putters_.next()) {
            admit(*next);
        }
    }
    /// The same where it is too late for an error: when a comparison throws, the putter waits on,
    /// and whoever takes the next item tries again.
    void admit_if_possible(queued_waiter* next) noexcept {
        if (next == nullptr) {
            return;
        }
        try {
            admit(*next);
        } catch (...) {
            return;
        }
    }

    Store store_;
};

/// Something that waits to put an item: it refers to the item until that is accepted.
template <class T, class Store>
class mailbox<T, Store>::putter : public queued_waiter {
protected:
    explicit putter(T& item) noexcept : item_(__builtin_addressof(item)) {}
    ~putter() = default;

private:
    friend class mailbox;

    T* item_;
};

/// Waits until the item of `request` is accepted.
template <class Request>
class put_waiter final : public Request::box_type::putter {
public:
    explicit put_waiter(Request& request) noexcept
        : Request::box_type::putter(request.item()), request_(&request) {}

    Request& request() const noexcept { return *request_; }

    bool cancelled_before_waiting() {
        return this->cancelled_before_joining(request_->box().putters());
    }
    void await_suspend(std::coroutine_handle<> handle) noexcept {
        this->wait_in(request_->box().putters(), handle);
    }
    void await_resume() const {
        if (this->verdict_ == verdict::refused) {
            request_->refuse();
        }
        this->check_end();
    }
    const char* operation() const noexcept override { return Request::operation; }

private:
    Request* request_;
};

/// Waits for an item.
template <class Request>
class get_waiter final : public queued_waiter {
public:
    explicit get_waiter(Request& request) noexcept : request_(&request) {}
    ~get_waiter() {
        if (has_claim()) [[unlikely]] {
            request_->box().return_claim(*this);
        }
    }

    Request& request() const noexcept { return *request_; }

    bool cancelled_before_waiting() { return cancelled_before_joining(request_->box().getters()); }
    void await_suspend(std::coroutine_handle<> handle) {
        if (verdict_ == verdict::served) {
            request_->box().claim_if_any(*this);  // may throw, and then there is no wait
            suspend_ready(handle);
        } else {
            wait_in(request_->box().getters(), handle);
        }
    }
    auto await_resume() -> decltype(std::declval<Request&>().result()) {
        if (has_claim()) {
            return request_->box().redeem(*this);
        }
        if (verdict_ == verdict::refused) {
            return request_->refused();
        }
        check_end();
        return request_->result();
    }
    const char* operation() const noexcept override { return Request::operation; }

private:
    bool has_claim() const noexcept { return linked() && verdict_ == verdict::served; }

    Request* request_;
};

}  // namespace rondo::detail
