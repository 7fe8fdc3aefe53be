// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/box.hpp>
#include <rondo/base/intrusive_list.hpp>
#include <rondo/base/random.hpp>
#include <rondo/base/unique_function.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/context.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/core/execution.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/handle.hpp>
#include <rondo/core/loop_attachment.hpp>
#include <rondo/core/ready_ring.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/task_core.hpp>
#include <rondo/core/timer_heap.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rondo {

/// What an exception handler is told.
struct exception_context {
    std::string message;           // what happened
    std::exception_ptr exception;  // null when it is a mere warning
    std::string where;             // the task or callback concerned; may be empty
};

/// Sees, and may change, the options of every task before the loop makes it.
using task_factory = unique_function<void(event_loop&, task_options&)>;

namespace detail {

class async_generator_core;
class loop_core;

/// A loop that somebody points to, if it still exists. For handles that outlive their loop.
class with_live_loop {
public:
    explicit with_live_loop(loop_core* loop) noexcept;
    /// Only that very loop, and not a later one that was made at the same address.
    with_live_loop(loop_core* loop, std::uint64_t serial) noexcept;
    explicit operator bool() const noexcept { return loop_ != nullptr; }
    loop_core* operator->() const noexcept { return loop_; }

private:
    loop_core* loop_;
};

/// The scheduler: ready ring, timer heap, driver and inbox, and nothing else. Every member is for
/// the loop's own thread, except where it says otherwise. The public face is event_loop.
class loop_core {
public:
    explicit loop_core(box<driver> with);
    loop_core(const loop_core&) = delete;
    loop_core& operator=(const loop_core&) = delete;

    event_loop& face() noexcept;
    /// Tells this loop from every other one of the process, before and after it.
    std::uint64_t serial() const noexcept { return serial_; }

    // ---- ready
    void reserve() { ring_.reserve(); }
    void unreserve() noexcept { ring_.unreserve(); }
    void push(task_core& task) noexcept { ring_.push(ready_item(task)); }
    /// The callback has reserved its place.
    void push(callback& call) noexcept { ring_.push(ready_item(call)); }

    // ---- tasks
    /// The task has reserved its place.
    void adopt(task_core& task) noexcept { tasks_.push_back(task); }
    void forget(task_core& task) noexcept;
    const intrusive_list<task_core>& tasks() const noexcept { return tasks_; }
    std::uint64_t next_task_id() noexcept { return ++task_ids_; }
    task_factory& factory() noexcept { return factory_; }
    /// Whether tasks are made as they were asked for, without a factory or notes for debugging.
    bool makes_plain_tasks() const noexcept { return makes_plain_tasks_; }

    // ---- time
    /// Reads the clock.
    time_point now() noexcept { return now_ = driver_->now(); }
    timer_heap& timers() noexcept { return timers_; }

    // ---- other threads
    /// Any thread. Takes over one reference. False, with the reference dropped, once the loop has
    /// closed.
    bool post(handle_core& call) noexcept;
    void thread_work_begins() noexcept { ++thread_work_; }
    void thread_work_ends() noexcept { --thread_work_; }

    /// Called after each step of a task, for tests that steer by steps. Null for none.
    using step_observer = unique_function<void(task_core&)>;
    void observe_steps(step_observer observer) noexcept {
        observer_ = std::move(observer);
        choose_path();
    }

    // ---- errors
    /// An error that must end the loop; run_forever rethrows it after the current step.
    void request_exit(std::exception_ptr error) noexcept;
    void report(exception_context what) noexcept;

    // ---- services
    void attach(loop_attachment& attachment) noexcept { attachments_.push_back(attachment); }
    /// The attachment with that key; null when there is none.
    loop_attachment* attached(const void* key) const noexcept;

    // ---- async generators that were started and not finished
    void track(async_generator_core& generator) noexcept;
    void untrack(async_generator_core& generator) noexcept;

    /// The task that Ctrl-C cancels; null for none.
    void set_interrupt_target(task_core* task) noexcept { interrupt_target_ = task; }

    driver& io() noexcept { return *driver_; }
    bool debug() const noexcept { return debug_; }
    bool closed() const noexcept;
    bool running() const noexcept;
    /// Throws runtime_error when the loop is closed, or runs in another thread than this one.
    void check_usable(const char* operation) const;
    /// Throws runtime_error when the loop runs in another thread than this one.
    void check_thread(const char* operation) const;

protected:
    ~loop_core();

    void choose_path() noexcept {
        watches_steps_ = debug_ || observer_ || shuffle_;
        makes_plain_tasks_ = !debug_ && !factory_;
    }
    void run_until_stopped();
    void run_once();
    bool needs_poll() const noexcept;
    bool goes_on() noexcept;
    void poll();
    void expire_timers() noexcept;
    void deliver_interrupt() noexcept;
    void drain_inbox() noexcept;
    void drop_inbox() noexcept;
    void run_ready();
    void run_batch(std::size_t size);
    void run_batch_watched(std::size_t size);
    void run_item(ready_item item);
    void run_item_watched(ready_item item);
    void run_item_timed(ready_item item);
    void run_item_observed(ready_item item);
    ready_item next_item() noexcept;
    void close_core() noexcept;

    const std::uint64_t serial_;
    box<driver> driver_;
    ready_ring ring_;
    timer_heap timers_;
    time_point now_{};
    intrusive_list<task_core> tasks_;
    std::uint64_t task_ids_ = 0;
    task_factory factory_;

    // Shared with other threads, and therefore accessed through std::atomic_ref only.
    handle_core* inbox_ = nullptr;
    bool asleep_ = false;
    mutable bool running_ = false;
    mutable bool closed_ = false;
    int thread_work_ = 0;
    step_observer observer_;

    bool leaving_ = false;  // stop() was called, or an error must end the loop
    bool debug_ = false;
    bool watches_steps_ = false;      // there is more to do at each step than to take it
    bool makes_plain_tasks_ = false;  // both follow from the settings, in choose_path()
    int resumes_since_poll_ = 0;
    int resumes_between_polls_ = 61;
    std::optional<random_source> shuffle_;
    nanoseconds slow_callback_ = std::chrono::milliseconds(100);
    std::exception_ptr exit_error_;
    task_core* interrupt_target_ = nullptr;
    unique_function<void(event_loop&, const exception_context&)> exception_handler_;
    intrusive_list<async_generator_core> generators_;
    intrusive_list<loop_attachment> attachments_;
};

}  // namespace detail

/// asyncio's event loop: runs tasks and callbacks in one thread, one at a time, and waits for time
/// and file descriptors in between. Most programs only meet it through `run`.
///
/// One iteration polls the driver, expires timers, takes what other threads sent, and then runs
/// what was ready at that moment, first in, first out. A loop belongs to the thread that runs it;
/// from other threads only `call_soon_threadsafe`, `is_closed` and `is_running` may be called.
class event_loop final : private detail::loop_core {
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
    void stop() noexcept { leaving_ = true; }
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
        check_usable("call_later");
        return schedule_at(detail::add_saturating(now(), detail::to_nanoseconds(delay)),
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
    void set_task_factory(task_factory factory) {
        factory_ = std::move(factory);
        choose_path();
    }
    std::vector<any_task> all_tasks();

    // ---- errors that nobody awaits
    using exception_handler = unique_function<void(event_loop&, const exception_context&)>;
    /// Null restores the default.
    void set_exception_handler(exception_handler handler) {
        exception_handler_ = std::move(handler);
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

    handle schedule_soon(unique_function<void()> fn);
    handle schedule_threadsafe(unique_function<void()> fn);
    timer_handle schedule_at(time_point when, unique_function<void()> fn);
    void add_watcher(int fd, io_events kind, unique_function<void()> fn);
    bool remove_watcher(int fd, io_events kind);
    friend class runner;
    void run_until_done(detail::future_core& main);

    struct fd_handlers;
    fd_handlers* find_handlers(int fd) noexcept;
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
    return detail::result_of<T>(main.core()).copy_or_take();
}

template <class T>
T event_loop::run_until_complete(future<T> main) {
    run_until_done(main.core());
    main.core().check_value();
    return static_cast<detail::future_data<T>&>(main.core()).result.copy_or_take();
}

/// The loop that runs in this thread; throws runtime_error when there is none.
event_loop& get_running_loop();

}  // namespace rondo
