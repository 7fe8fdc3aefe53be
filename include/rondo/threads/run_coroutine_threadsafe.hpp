// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/detail/result_slot.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/task.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

class remote_waiter;
class thread_job;

/// How a task's end reaches other threads: shared by the threads that wait and the task that will
/// end. The part that needs no type.
///
///     pending ──publish()──▶ value | error | cancelled     one way, once
class thread_completion : public std::enable_shared_from_this<thread_completion> {
public:
    explicit thread_completion(loop_core* loop);
    thread_completion(const thread_completion&) = delete;
    thread_completion& operator=(const thread_completion&) = delete;
    virtual ~thread_completion();

    // ---- any thread
    bool done() const noexcept;
    bool is_cancelled() const noexcept;
    /// Until done. Throws runtime_error, naming `operation`, where that would block a loop.
    void wait(const char* operation);
    bool wait_for(nanoseconds limit, const char* operation);
    /// Throws what get() must throw; returns when there is a value.
    void check_value();
    bool request_cancel();
    /// Rings at the end; at once when done. One waiter at most.
    void tell(remote_waiter& waiter);
    void untell() noexcept;

    // ---- the loop's thread
    void bind(loop_core& loop) noexcept { loop_ = &loop; }
    /// Starts the task, as the guest of `host` if that is not null.
    void start(thread_job* host) noexcept;
    /// The end. A null `error` stands for a value, which is in its place already.
    void publish(std::exception_ptr error) noexcept;
    /// The end of a task that was cancelled, or that will never run. Nothing when done.
    void publish_cancelled() noexcept;

protected:
    virtual coro<void> body() = 0;

private:
    friend class thread_job;
    struct sync;
    enum class state : std::uint8_t { pending, value, error, cancelled };

    void end(state how, std::exception_ptr error) noexcept;
    /// The task; null when it could not be made, or is done already.
    task_core* spawn_body(scope_core* scope);

    std::unique_ptr<sync> sync_;
    remote_waiter* told_ = nullptr;  // guarded by the mutex, like how it ended
    loop_core* loop_;
    std::exception_ptr error_;
    // Loop's thread only: the running task, and whose guest it is.
    task_core* task_ = nullptr;
    thread_job* host_ = nullptr;
    bool cancelled_early_ = false;
};

/// Publishes the end of a task even if its coroutine never ran.
class completion_guard {
public:
    explicit completion_guard(thread_completion& of) : of_(of.shared_from_this()) {}
    completion_guard(completion_guard&&) = default;
    completion_guard& operator=(completion_guard&&) = delete;
    ~completion_guard() {
        if (of_ != nullptr) {
            of_->publish_cancelled();
        }
    }

private:
    std::shared_ptr<thread_completion> of_;
};

template <class T>
class thread_result : public thread_completion {
public:
    using thread_completion::thread_completion;
    result_slot<T> value;
};

/// Runs what `make()` returns, and publishes how it ended.
template <class T, class Make>
class thread_delivery final : public thread_result<T> {
public:
    thread_delivery(loop_core* loop, Make&& make)
        : thread_result<T>(loop), make_(std::move(make)) {}

private:
    coro<void> body() override { return deliver(*this, completion_guard(*this)); }

    static coro<void> deliver(thread_delivery& self, completion_guard) {
        std::exception_ptr error;
        try {
            Make make = std::move(self.make_);
            if constexpr (std::is_void_v<T>) {
                co_await make();
                self.value.set();
            } else {
                self.value.set(co_await make());
            }
        } catch (const cancelled_error&) {
            self.publish_cancelled();
            throw;
        } catch (const process_exit&) {
            self.publish(std::current_exception());
            throw;
        } catch (...) {
            error = std::current_exception();
        }
        self.publish(std::move(error));
    }

    Make make_;
};

/// Gives a coroutine that exists already.
template <class T>
class ready_made {
public:
    explicit ready_made(coro<T> body) noexcept : body_(std::move(body)) {}
    coro<T> operator()() { return std::move(body_); }

private:
    coro<T> body_;
};

/// A callback that starts the task of `completion`; cancelled when it never runs.
class start_in_loop {
public:
    start_in_loop(std::shared_ptr<thread_completion> completion, thread_job* host) noexcept
        : completion_(std::move(completion)), host_(host) {}
    start_in_loop(start_in_loop&&) = default;
    start_in_loop& operator=(start_in_loop&&) = delete;
    ~start_in_loop();
    void operator()();

private:
    std::shared_ptr<thread_completion> completion_;
    thread_job* host_;
};

/// Sends `completion` to the loop, to be started there. Throws runtime_error once it is closed.
void send_to_loop(event_loop& loop, std::shared_ptr<thread_completion> completion);

}  // namespace detail

/// The result of a coroutine that runs in some loop, for other threads: concurrent.futures.Future.
/// A cheap handle, as `run_coroutine_threadsafe` returns it; it blocks, and cannot be awaited.
/// Dropping it changes nothing. Threads: any.
template <class T>
class [[nodiscard("nobody will see the result or the error")]] threadsafe_future {
public:
    explicit threadsafe_future(std::shared_ptr<detail::thread_result<T>> of) : of_(std::move(of)) {}

    /// Blocks until the coroutine ends; its result, by reference from a named handle, moved out of
    /// a temporary one. Throws what the coroutine threw, cancelled_error when it was cancelled or
    /// its loop closed, and runtime_error in a thread whose running loop would be blocked.
    std::add_lvalue_reference_t<T> get() const& {
        of_->wait("threadsafe_future::get");
        of_->check_value();
        return of_->value.get();
    }
    T get() && {
        of_->wait("threadsafe_future::get");
        of_->check_value();
        return of_->value.take();
    }
    /// Blocks for at most that long; whether the coroutine has ended. It goes on either way. Throws
    /// runtime_error in a thread whose running loop would be blocked.
    template <class Rep, class Period>
    bool wait_for(std::chrono::duration<Rep, Period> limit) const {
        return of_->wait_for(detail::to_nanoseconds(limit), "threadsafe_future::wait_for");
    }
    /// Asks the loop to cancel the task. False when it is done already.
    bool cancel() const { return of_->request_cancel(); }
    bool done() const noexcept { return of_->done(); }
    bool cancelled() const noexcept { return of_->is_cancelled(); }

private:
    std::shared_ptr<detail::thread_result<T>> of_;
};

/// Runs a coroutine in `loop`, which another thread runs; the way for a thread to get something
/// from a loop. Throws runtime_error when the loop is closed. The loop must exist until this
/// returns.
///
///     int answer = rondo::run_coroutine_threadsafe(ask(question), loop).get();
template <class T>
threadsafe_future<T> run_coroutine_threadsafe(coro<T> body, event_loop& loop) {
    using make = detail::ready_made<T>;
    auto delivery =
        std::make_shared<detail::thread_delivery<T, make>>(&core_of(loop), make(std::move(body)));
    detail::send_to_loop(loop, delivery);
    return threadsafe_future<T>(std::move(delivery));
}

/// The same for a coroutine function, which is called in the loop's thread and lives as long as the
/// coroutine that it makes.
template <class F>
    requires detail::coroutine_function<F>
auto run_coroutine_threadsafe(F fn, event_loop& loop) {
    using result = typename std::remove_cvref_t<detail::coro_of_t<F>>::value_type;
    auto delivery =
        std::make_shared<detail::thread_delivery<result, F>>(&core_of(loop), std::move(fn));
    detail::send_to_loop(loop, delivery);
    return threadsafe_future<result>(std::move(delivery));
}

}  // namespace rondo
