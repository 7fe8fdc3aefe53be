// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/with.hpp>
#include <rondo/threads/detail/remote_waiter.hpp>
#include <rondo/threads/run_coroutine_threadsafe.hpp>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

/// The await of what runs in another loop. Sends it there first.
class submit_awaiter final : public remote_waiter {
public:
    using rondo_awaitable = void;

    submit_awaiter(event_loop& to, std::shared_ptr<thread_completion> what) noexcept
        : to_(&to), what_(std::move(what)) {}
    ~submit_awaiter() { what_->untell(); }

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept { suspend(handle); }
    void await_resume();
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return "submit_to"; }

private:
    event_loop* to_;
    std::shared_ptr<thread_completion> what_;
};

/// The coroutine behind submit_to.
template <class F, class... Args>
auto submit(event_loop& to, F fn, Args... args)
    -> coro<typename std::remove_cvref_t<coro_of_t<F, Args...>>::value_type> {
    using result = typename std::remove_cvref_t<coro_of_t<F, Args...>>::value_type;
    if (&to == &get_running_loop()) {
        co_return co_await std::move(fn)(std::move(args)...);
    }
    auto make = [fn = std::move(fn), args = std::tuple<Args...>(std::move(args)...)]() mutable {
        return std::apply(std::move(fn), std::move(args));
    };
    using delivery = thread_delivery<result, decltype(make)>;
    const auto sent = std::make_shared<delivery>(&core_of(to), std::move(make));
    submit_awaiter end(to, sent);
    co_await end;
    sent->check_value();
    co_return sent->value.take();
}

}  // namespace detail

/// Runs fn(args...) in another loop, which another thread runs, and brings its result home.
/// Function and arguments are moved there; the coroutine runs there from its first line to its
/// last. What is passed by reference is shared by two threads meanwhile.
///
///     int n = co_await rondo::submit_to(other, count, std::move(words));
///
/// Returns: what fn returns. Throws: what it throws; runtime_error when that loop is closed;
/// cancelled_error when its task was cancelled there, or its loop closed meanwhile. Cancellation:
/// is passed on to the task there and waits for its end; if that ends otherwise, its result wins,
/// and the cancellation is delivered by the next await. Fairness: yields, except in the loop
/// itself, where fn is just awaited. Threads: the calling loop's; `to` must exist until this ends.
template <class F, class... Args>
    requires detail::coroutine_function<std::decay_t<F>, std::decay_t<Args>...>
[[nodiscard]] auto submit_to(event_loop& to, F&& fn, Args&&... args) {
    detail::check_callable<F>();
    detail::check_arguments<Args...>();
    return detail::submit<std::decay_t<F>, std::decay_t<Args>...>(to, std::forward<F>(fn),
                                                                  std::forward<Args>(args)...);
}

}  // namespace rondo
