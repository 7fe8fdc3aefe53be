// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/temporaries.hpp>
#include <rondo/sync/detail/item_store.hpp>
#include <rondo/sync/detail/mailbox.hpp>
#include <rondo/sync/detail/quick_awaiter.hpp>
#include <rondo/sync/errors.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace rondo {

/// The capacity of a channel that never makes its senders wait.
inline constexpr std::size_t unbounded = static_cast<std::size_t>(-1);

namespace detail {

/// The number of an open handle within its channel; 0 is that of a closed one.
using clone_id = std::uint32_t;

[[noreturn]] void throw_channel_broken();
[[noreturn]] void throw_channel_closed();
[[noreturn]] void throw_channel_full();
[[noreturn]] void throw_channel_empty();

template <class T>
class channel_send_request;
template <class T>
class channel_receive_request;

/// What the handles of a channel share. It lives as long as a handle or a receiving await does.
template <class T>
class channel_state final : public mailbox<T, fifo_store<T>> {
public:
    using mailbox<T, fifo_store<T>>::mailbox;

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

    clone_id open_sender() noexcept {
        ++senders_;
        return ++ids_;
    }
    clone_id open_receiver() noexcept {
        ++receivers_;
        return ++ids_;
    }
    /// The last sender ends the receivers' loops.
    void close_sender(clone_id clone) noexcept {
        dismiss_clone<put_waiter<channel_send_request<T>>>(this->putters_, clone);
        if (--senders_ == 0) {
            this->close();
        }
    }
    /// The last receiver fails the senders, and what nobody will receive is dropped.
    void close_receiver(clone_id clone) noexcept {
        dismiss_clone<get_waiter<channel_receive_request<T>>>(this->getters_, clone);
        if (--receivers_ == 0) {
            this->close();
            this->drop_unclaimed();
        }
    }

private:
    /// Ends the waits by that clone.
    template <class Waiter>
    static void dismiss_clone(wait_list& waiters, clone_id clone) noexcept {
        for (queued_waiter* w = waiters.first(); w != nullptr;) {
            queued_waiter& current = *w;
            w = waiters.after(current);
            if (static_cast<Waiter&>(current).request().clone() == clone) {
                current.dismiss(verdict::closed);
            }
        }
    }

    std::uint32_t references_ = 0;
    std::uint32_t senders_ = 0;
    std::uint32_t receivers_ = 0;
    clone_id ids_ = 0;
};

template <class T>
class channel_send_request {
public:
    using box_type = mailbox<T, fifo_store<T>>;
    using waiter = put_waiter<channel_send_request>;
    static constexpr const char* operation = "sender::send";

    channel_send_request(channel_state<T>& state, clone_id clone, T&& item) noexcept
        : state_(&state), clone_(clone), item_(std::move(item)) {}

    bool try_now() {
        if (clone_ == 0) [[unlikely]] {
            throw_channel_closed();
        }
        if (state_->closed()) [[unlikely]] {
            refuse();
        }
        return state_->offer(item_);
    }
    bool try_at_once() { return clone_ != 0 && !state_->closed() && state_->offer_at_once(item_); }
    [[noreturn]] static void refuse() { throw_channel_broken(); }
    void result() const noexcept {}

    box_type& box() const noexcept { return *state_; }
    T& item() noexcept { return item_; }
    clone_id clone() const noexcept { return clone_; }

private:
    channel_state<T>* state_;  // has an open sender while the item waits
    clone_id clone_;
    T item_;
};

template <class T>
class channel_receive_request {
public:
    using waiter = get_waiter<channel_receive_request>;
    static constexpr const char* operation = "receiver::receive";

    channel_receive_request(channel_state<T>& state, clone_id clone) noexcept
        : state_(core_ref<channel_state<T>>::share(state)), clone_(clone) {}

    bool try_now() const {
        if (clone_ == 0) [[unlikely]] {
            throw_channel_closed();
        }
        return state_->has_item() || state_->closed();
    }
    bool try_at_once() const noexcept { return clone_ != 0 && state_->size() > 0; }
    static std::optional<T> refused() noexcept { return std::nullopt; }
    std::optional<T> result() const {
        return state_->has_item() ? std::optional<T>(state_->take()) : std::nullopt;
    }

    mailbox<T, fifo_store<T>>& box() const noexcept { return *state_; }
    clone_id clone() const noexcept { return clone_; }

private:
    core_ref<channel_state<T>> state_;  // an item may be waiting here when all handles are closed
    clone_id clone_;
};

}  // namespace detail

/// The sending half of a channel; see open_channel. Movable; clone() gives another one.
template <class T>
class sender {
public:
    explicit sender(detail::channel_state<T>& state) noexcept
        : state_(detail::core_ref<detail::channel_state<T>>::share(state)),
          clone_(state.open_sender()) {}
    sender(sender&& other) noexcept
        : state_(std::move(other.state_)), clone_(std::exchange(other.clone_, 0)) {}
    sender& operator=(sender&& other) noexcept {
        std::swap(state_, other.state_);
        std::swap(clone_, other.clone_);
        return *this;
    }
    ~sender() { close(); }

    /// Sends an item: into the channel's buffer, or into the hands of a receiver.
    /// Returns: nothing. Throws: broken_resource_error when no receiver is left,
    /// closed_resource_error when this handle is closed before or meanwhile, runtime_error when
    /// tasks of another loop wait. Cancellation: nothing is sent. Fairness: first come, first
    /// served; yields only if it has to wait. Threads: the loop's.
    auto send(T item)
        requires(!detail::breaks_as_temporary<T>)
    {
        return put_item(std::move(item));
    }
    /// The same of an aggregate with GCC 12 and 13: a named one, or its parts in braces.
    auto send(detail::item_argument<T> item)
        requires detail::breaks_as_temporary<T>
    {
        return put_item(item.take());
    }
    template <class U = T>
        requires detail::breaks_as_temporary<U>
    auto send(U&& item) {
        detail::refuse_item<T>();
        return put_item(std::forward<U>(item));
    }
    /// Sends the item T(args...), which is made here and now: `co_await to.emplace(name, 1)`.
    /// Returns, Throws, Cancellation, Fairness, Threads: as send; also what making the item throws.
    template <class... Args>
        requires std::constructible_from<T, Args...>
    auto emplace(Args&&... args) {
        return put_item(T(std::forward<Args>(args)...));
    }
    /// Throws would_block_error, and as send().
    void send_nowait(T item) {
        if (clone_ == 0) {
            detail::throw_channel_closed();
        }
        if (state_->closed()) {
            detail::throw_channel_broken();
        }
        if (!state_->offer(item)) {
            detail::throw_channel_full();
        }
    }
    /// Another sender of the same channel. Throws closed_resource_error when this one is closed.
    sender clone() const {
        if (clone_ == 0) {
            detail::throw_channel_closed();
        }
        return sender(*state_);
    }
    /// Tasks that wait in this handle's send() get closed_resource_error. The last one to be closed
    /// ends the receivers' loops. Closing twice is fine; the destructor closes.
    void close() noexcept {
        if (clone_ != 0) {
            state_->close_sender(std::exchange(clone_, 0));
        }
    }

private:
    auto put_item(T&& item) {
        return detail::quick_awaiter<detail::channel_send_request<T>>(state(), clone_,
                                                                      std::move(item));
    }
    detail::channel_state<T>& state() const {
        if (!state_) {
            detail::throw_channel_closed();
        }
        return *state_;
    }

    detail::core_ref<detail::channel_state<T>> state_;  // null after a move
    detail::clone_id clone_;
};

/// The receiving half of a channel; see open_channel. Movable; clone() gives another one, and then
/// each item goes to one of them.
template <class T>
class receiver {
public:
    explicit receiver(detail::channel_state<T>& state) noexcept
        : state_(detail::core_ref<detail::channel_state<T>>::share(state)),
          clone_(state.open_receiver()) {}
    receiver(receiver&& other) noexcept
        : state_(std::move(other.state_)), clone_(std::exchange(other.clone_, 0)) {}
    receiver& operator=(receiver&& other) noexcept {
        std::swap(state_, other.state_);
        std::swap(clone_, other.clone_);
        return *this;
    }
    ~receiver() { close(); }

    /// Waits for an item: `while (auto item = co_await from.receive())`.
    /// Returns: the item, or nullopt when all senders are closed and nothing is left. Throws:
    /// closed_resource_error when this handle is closed before or meanwhile, runtime_error when
    /// tasks of another loop wait. Cancellation: nothing is taken. Fairness: first come, first
    /// served; yields only if it has to wait. Threads: the loop's.
    auto receive() {
        return detail::quick_awaiter<detail::channel_receive_request<T>>(state(), clone_);
    }
    /// The same; throws would_block_error when it would have to wait.
    std::optional<T> receive_nowait() {
        if (clone_ == 0) {
            detail::throw_channel_closed();
        }
        if (state_->has_item()) {
            return state_->take();
        }
        if (!state_->closed()) {
            detail::throw_channel_empty();
        }
        return std::nullopt;
    }
    /// Another receiver of the same channel. Throws closed_resource_error when this one is closed.
    receiver clone() const {
        if (clone_ == 0) {
            detail::throw_channel_closed();
        }
        return receiver(*state_);
    }
    /// Tasks that wait in this handle's receive() get closed_resource_error. The last one to be
    /// closed fails the senders and drops what was not received. Closing twice is fine; the
    /// destructor closes.
    void close() noexcept {
        if (clone_ != 0) {
            state_->close_receiver(std::exchange(clone_, 0));
        }
    }

private:
    detail::channel_state<T>& state() const {
        if (!state_) {
            detail::throw_channel_closed();
        }
        return *state_;
    }

    detail::core_ref<detail::channel_state<T>> state_;  // null after a move
    detail::clone_id clone_;
};

/// The two halves of a new channel: `auto [to, from] = rondo::open_channel<int>(10);`
template <class T>
struct channel {
    rondo::sender<T> sender;
    rondo::receiver<T> receiver;
};

/// trio's memory channel: a queue with two ends, each of which can be closed.
///
///     auto [to, from] = rondo::open_channel<std::string>(10);
///     tg.create_task(produce, std::move(to));        // closes its end when it returns
///     while (auto line = co_await from.receive()) {…}     // ends when all senders are closed
///
/// Up to `capacity` items are kept for the receivers, then senders wait. With 0 nothing is kept:
/// a send completes when a receiver takes the item. With `rondo::unbounded` senders never wait.
///
/// A handle that is a parameter of a coroutine lives as long as the coroutine's frame: in
/// `auto t = create_task(produce(std::move(to)))` until t goes, in gather until gather has ended.
/// Pass function and arguments, as above, or close it where the body ends.
///
/// Fair on both sides, and atomic under cancellation, as queues are. T may be move-only; its move
/// constructor must not throw. One loop at a time, in that loop's thread.
template <class T>
channel<T> open_channel(std::size_t capacity) {
    auto* state = new detail::channel_state<T>(capacity);
    return channel<T>{sender<T>(*state), receiver<T>(*state)};
}

}  // namespace rondo
