// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/context_var.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/loop_engine.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/handle.hpp>
#include <rondo/core/task.hpp>

#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rondo {

/// asyncio's event loop: runs tasks and callbacks in one thread, one at a time, and waits for time
/// and file descriptors in between. Most programs only meet it through `run`.
///
/// One iteration polls the driver, expires timers, takes what other threads sent, and then runs
/// what was ready at that moment, first in, first out. A loop belongs to the thread that runs it;
/// from other threads only `call_soon_threadsafe`, `is_closed` and `is_running` may be called.
class event_loop final : private detail::loop_engine {
public:
    /// A loop on the given driver. Throws std::system_error when the kernel refuses.
    explicit event_loop(driver_kind kind = driver_kind::automatic);
    explicit event_loop(box<driver> with);
    /// Closes the loop. It must not be running.
    ~event_loop();

    // ---- running
    /// Runs until stop(). Throws runtime_error when this or another loop runs in the thread, and
    /// process_exit errors (keyboard_interrupt, system_exit) that a callback or task raised.
    void run_forever();
    /// Runs until `main` is done and returns its result or throws its error; runtime_error when the
    /// loop was stopped before. For a coroutine, a task or a future.
    template <class T>
    T run_until_complete(coro<T> main);
    template <class T>
    T run_until_complete(task<T> main);
    template <class T>
    T run_until_complete(future<T> main);
    /// Ends run_forever after the callbacks that are ready now. Before run_forever: one pass only.
    void stop() noexcept {
        leaving_ = true;
        poll_soon();
    }
    /// Drops what is scheduled without running it, and reports tasks that were still alive.
    /// Closing twice is fine; throws runtime_error while the loop runs.
    void close();
    bool is_running() const noexcept { return running(); }
    bool is_closed() const noexcept { return closed(); }
    /// The loop's clock: monotonic, read anew.
    time_point time() noexcept { return now(); }

    // ---- callbacks: run by the loop, in order, each in the context that was current here
    template <class F, class... Args>
    handle call_soon(F&& fn, Args&&... args) {
        return schedule_soon(bind(std::forward<F>(fn), std::forward<Args>(args)...));
    }
    /// `delay` zero or negative: in the next pass, after what is queued already.
    template <class Rep, class Period, class F, class... Args>
    timer_handle call_later(std::chrono::duration<Rep, Period> delay, F&& fn, Args&&... args) {
        return schedule_later(detail::to_nanoseconds(delay),
                              bind(std::forward<F>(fn), std::forward<Args>(args)...));
    }
    template <class F, class... Args>
    timer_handle call_at(time_point when, F&& fn, Args&&... args) {
        return schedule_at(when, bind(std::forward<F>(fn), std::forward<Args>(args)...));
    }
    /// call_soon for any thread, and the only scheduling call for other threads.
    template <class F, class... Args>
    handle call_soon_threadsafe(F&& fn, Args&&... args) {
        return schedule_threadsafe(bind(std::forward<F>(fn), std::forward<Args>(args)...));
    }

    // ---- tasks and futures
    template <class T>
    future<T> create_future();
    template <class T>
    task<T> create_task(coro<T> body, const task_options& options = default_task_options);
    /// Awaits anything else that may be awaited in a task of its own.
    template <detail::plain_awaitable A>
    auto create_task(A what, const task_options& options = default_task_options) {
        return create_task(detail::await_one(std::move(what)), options);
    }
    void set_task_factory(task_factory factory) {
        factory_.replace(std::move(factory));
        choose_path();
    }
    std::vector<any_task> all_tasks();

    // ---- errors that nobody awaits
    using exception_handler = unique_function<void(event_loop&, const exception_context&)>;
    /// Null restores the default.
    void set_exception_handler(exception_handler handler) {
        exception_handler_.replace(std::move(handler));
    }
    /// Writes one line to stderr.
    void default_exception_handler(const exception_context& context) noexcept;
    /// Calls the handler; what the handler throws goes to the default one.
    void call_exception_handler(const exception_context& context) noexcept;

    // ---- file descriptors, level-triggered
    /// Calls fn(args...) in every pass in which `fd` is readable, until remove_reader. Replaces the
    /// reader before. Throws std::system_error when the kernel refuses the descriptor.
    template <class F, class... Args>
    void add_reader(int fd, F&& fn, Args&&... args) {
        add_watcher(fd, io_events::read,
                    bind_again(std::forward<F>(fn), std::forward<Args>(args)...));
    }
    template <class F, class... Args>
    void add_writer(int fd, F&& fn, Args&&... args) {
        add_watcher(fd, io_events::write,
                    bind_again(std::forward<F>(fn), std::forward<Args>(args)...));
    }
    /// Whether there was one. A call that is queued already will not run.
    bool remove_reader(int fd) { return remove_watcher(fd, io_events::read); }
    bool remove_writer(int fd) { return remove_watcher(fd, io_events::write); }

    // ---- debugging
    void set_debug(bool on) noexcept {
        debug_ = on;
        choose_path();
    }
    bool get_debug() const noexcept { return debug_; }
    /// In debug mode a callback or step that takes longer is reported. 100 ms unless set.
    nanoseconds slow_callback_duration() const noexcept { return slow_callback_; }
    void set_slow_callback_duration(nanoseconds limit) noexcept { slow_callback_ = limit; }
    std::string_view driver_name() const noexcept { return driver_->name(); }

    /// Closes every async generator that was started and not finished.
    coro<void> shutdown_asyncgens();

private:
    friend class detail::loop_core;
    friend detail::loop_core& core_of(event_loop& loop) noexcept;

    template <class F>
    static unique_function<void()> bind(F&& fn) {
        return unique_function<void()>(std::forward<F>(fn));
    }
    template <class F, class... Args>
        requires(sizeof...(Args) > 0)
    static unique_function<void()> bind(F&& fn, Args&&... args) {
        return [fn = std::decay_t<F>(std::forward<F>(fn)),
                args = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable {
            static_cast<void>(std::apply(std::move(fn), std::move(args)));
        };
    }
    template <class F, class... Args>
    static unique_function<void()> bind_again(F&& fn, Args&&... args) {
        return [fn = std::decay_t<F>(std::forward<F>(fn)),
                args = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable {
            static_cast<void>(std::apply(fn, args));
        };
    }

    handle schedule_soon(unique_function<void()>&& fn);
    handle schedule_threadsafe(unique_function<void()>&& fn);
    timer_handle schedule_later(nanoseconds delay, unique_function<void()>&& fn);
    timer_handle schedule_at(time_point when, unique_function<void()>&& fn);
    timer_handle start_timer(time_point when, unique_function<void()>&& fn);
    void add_watcher(int fd, io_events kind, unique_function<void()> fn);
    bool remove_watcher(int fd, io_events kind);
    friend class runner;
    void run_until_done(detail::future_core& main);

    struct fd_handlers;
    fd_handlers* find_handlers(int fd) noexcept;
    void drop_lost(fd_handlers& handlers);
    fd_handlers& watch_first(int fd, io_events kind);
    std::vector<box<fd_handlers>> fds_;
};

inline detail::loop_core& core_of(event_loop& loop) noexcept { return loop; }

template <class T>
future<T> event_loop::create_future() {
    return future<T>(this);
}

template <class T>
task<T> event_loop::create_task(coro<T> body, const task_options& options) {
    check_usable("create_task");
    return detail::spawn_task<T>(*this, std::move(body), options, nullptr,
                                 std::source_location::current());
}

template <class T>
T event_loop::run_until_complete(coro<T> main) {
    check_usable("run_until_complete");
    if (detail::exec.loop != nullptr) {
        main.close();
        throw std::runtime_error(
            "run_until_complete() cannot be called while a loop runs in this thread: co_await the "
            "coroutine instead");
    }
    task<T> main_task = create_task(std::move(main));
    run_until_done(main_task.core());
    return std::move(main_task).take_result();
}

template <class T>
T event_loop::run_until_complete(task<T> main) {
    run_until_done(main.core());
    main.core().check_value();
    return detail::result_of<T>(main.core()).give(main.core().is_shared());
}

template <class T>
T event_loop::run_until_complete(future<T> main) {
    run_until_done(main.core());
    main.core().check_value();
    return static_cast<detail::future_data<T>&>(main.core()).result.give(main.core().is_shared());
}

/// The loop that runs in this thread; throws runtime_error when there is none.
event_loop& get_running_loop();

}  // namespace rondo
