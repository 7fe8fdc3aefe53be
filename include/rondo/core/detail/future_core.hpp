// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/context_var.hpp>
#include <rondo/core/detail/listener.hpp>
#include <rondo/core/detail/ready_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

class loop_core;

enum class future_state : std::uint8_t {
    pending,
    value,
    error,
    unseen_error,  // the same, and nobody looked at it yet
    cancelled,
};

enum class future_kind : std::uint8_t {
    future,
    task,
    remains,  // of a task whose coroutine was destroyed before its end
};

/// What futures and tasks share: the state, who listens to its end, and whether an error was looked
/// at. The value itself is kept by the typed part. Loop-thread only; the count is not atomic.
///
///     pending ──set_value──▶ value        one way, once; each transition notifies the
///        ├─────set_error──▶ error         listeners in the order of their registration
///        └─────cancelled──▶ cancelled
class future_core {
public:
    future_core(const future_core&) = delete;
    future_core& operator=(const future_core&) = delete;

    bool done() const noexcept { return state_ != future_state::pending; }
    bool has_value() const noexcept { return state_ == future_state::value; }
    bool has_error() const noexcept {
        return state_ == future_state::error || state_ == future_state::unseen_error;
    }
    bool is_cancelled() const noexcept { return state_ == future_state::cancelled; }
    loop_core* loop() const noexcept { return loop_; }
    /// A future that was made outside a loop belongs to the first one that waits for it.
    void bind(loop_core& loop) noexcept { loop_ = &loop; }

    /// Asks for cancellation: a future becomes cancelled at once, a task is asked. False when done.
    bool cancel(std::string message = {});
    /// The same for a request that is passed on; without memory for the message, with none.
    bool pass_cancel_on(const std::string& message) noexcept;

    /// The stored error, cancelled_error among them; null with a value. Counts as having looked.
    /// Throws invalid_state_error while pending.
    std::exception_ptr error();
    /// Throws what result() must throw; returns when there is a value.
    void check_value() {
        if (!has_value()) [[unlikely]] {
            rethrow();
        }
    }
    /// Of one that has no value: throws what result() must throw.
    [[noreturn]] void rethrow();
    /// Nobody will be told that the error was never retrieved.
    void mark_retrieved() noexcept {
        if (has_unretrieved_error()) {
            state_ = future_state::error;
        }
    }
    bool has_unretrieved_error() const noexcept { return state_ == future_state::unseen_error; }

    void set_value_state();
    void set_error_state(std::exception_ptr error);
    void set_cancelled_state(std::exception_ptr error);

    void add_listener(listener& l) noexcept { listeners_.push_back(l); }
    void remove_listener(listener& l) noexcept { listeners_.remove(l); }
    const intrusive_list<listener>& listeners() const noexcept { return listeners_; }

    /// Keeps what the body raised until its task ends.
    void set_raised(std::exception_ptr error) noexcept { error_ = std::move(error); }
    std::exception_ptr take_raised() noexcept { return std::exchange(error_, nullptr); }

    bool is_task() const noexcept { return kind_ != future_kind::future; }

    /// Whether anybody but the caller holds it.
    bool is_shared() const noexcept { return references_ > 1; }
    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            destroy();
        }
    }

protected:
    future_core(loop_core* loop, future_kind kind) noexcept : loop_(loop), kind_(kind) {}
    ~future_core() {
        if (!listeners_.empty()) [[unlikely]] {
            abandon_listeners();
        }
    }

    void report_unretrieved() noexcept;

    loop_core* loop_;
    intrusive_list<listener> listeners_;
    std::exception_ptr error_;
    std::uint32_t references_ = 1;
    future_state state_ = future_state::pending;
    future_kind kind_;

private:
    void destroy() noexcept;
    void abandon_listeners() noexcept;

protected:
    void complete(future_state state) noexcept {
        state_ = state;
        if (listener* only = listeners_.pop_only()) {
            only->tell();
        } else if (!listeners_.empty()) {
            notify_all();
        }
    }

private:
    void notify_all() noexcept;
};

/// An owning pointer to a future_core or a class derived from it.
template <class Core>
class core_ref {
public:
    core_ref() = default;
    /// Takes over one reference.
    static core_ref adopt(Core& core) noexcept {
        core_ref ref;
        ref.core_ = &core;
        return ref;
    }
    /// Adds a reference.
    static core_ref share(Core& core) noexcept {
        core.retain();
        return adopt(core);
    }
    core_ref(const core_ref& other) noexcept : core_(other.core_) {
        if (core_ != nullptr) {
            core_->retain();
        }
    }
    core_ref(core_ref&& other) noexcept : core_(other.release()) {}
    /// From a more derived core.
    template <class Derived>
        requires std::is_convertible_v<Derived*, Core*>
    core_ref(core_ref<Derived>&& other) noexcept : core_(other.release()) {}
    core_ref& operator=(core_ref other) noexcept {
        Core* mine = core_;
        core_ = other.core_;
        other.core_ = mine;
        return *this;
    }
    ~core_ref() {
        if (core_ != nullptr) {
            core_->release();
        }
    }

    explicit operator bool() const noexcept { return core_ != nullptr; }
    /// Gives the reference away.
    [[nodiscard]] Core* release() noexcept { return std::exchange(core_, nullptr); }
    Core& operator*() const noexcept { return *core_; }
    Core* operator->() const noexcept { return core_; }
    Core* get() const noexcept { return core_; }
    friend bool operator==(const core_ref& a, const core_ref& b) noexcept {
        return a.core_ == b.core_;
    }

private:
    Core* core_ = nullptr;
};

/// A callback for the end of a future or task. Owns itself from registration on.
class done_callback final : public listener, public callback {
public:
    done_callback(future_core& of, std::uintptr_t identity, unique_function<void(future_core&)> fn);

    void notify() noexcept override;
    void abandon() noexcept override;
    void run() noexcept override;
    void drop() noexcept override;
    const std::type_info& target() const noexcept override { return fn_.target(); }
    std::uintptr_t identity() const noexcept { return identity_; }

private:
    ~done_callback() = default;
    void forget() noexcept;

    future_core* of_;
    std::uint64_t loop_serial_;
    std::uintptr_t identity_;
    context context_;
    unique_function<void(future_core&)> fn_;
};

/// Throws invalid_state_error naming `operation` unless the future is pending, and runtime_error
/// when its loop runs in another thread.
void check_pending(const future_core& core, const char* operation);
/// The error for `exception()`: null with a value; throws cancelled_error or invalid_state_error.
std::exception_ptr error_or_throw(future_core& core);

template <class F, class Argument>
void call_with_optional_argument(F& fn, Argument&& argument) {
    if constexpr (std::is_invocable_v<F&, Argument>) {
        fn(std::forward<Argument>(argument));
    } else {
        static_assert(std::is_invocable_v<F&>,
                      "a done callback takes the future (or task), or nothing");
        fn();
    }
}

/// Registers `fn`; returns what remove_done_callback identifies it by: `identity`, or a number of
/// its own when that is 0.
std::uintptr_t add_done_callback(future_core& to, std::uintptr_t identity,
                                 unique_function<void(future_core&)> fn);
/// Removes all with that identity and returns how many there were.
std::size_t remove_done_callbacks(future_core& from, std::uintptr_t identity) noexcept;

}  // namespace detail
}  // namespace rondo
