// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/base/detail/random.hpp>
#include <rondo/base/detail/replaceable_function.hpp>
#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/detail/async_generator_core.hpp>
#include <rondo/core/detail/deferred.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/loop_core.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/detail/timer_heap.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/core/handle.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace rondo {

struct task_options;

/// What an exception handler is told.
struct exception_context {
    std::string message;           // what happened
    std::exception_ptr exception;  // null when it is a mere warning
    std::string where;             // the task or callback concerned; may be empty
};

/// Sees, and may change, the options of every task before the loop makes it.
using task_factory = unique_function<void(event_loop&, task_options&)>;

namespace detail {

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

/// Whether the caller may not use what belongs to that very loop: it stands in another one, or in
/// another thread than the one where the loop runs. What belonged to a loop that is gone is free.
bool is_stranger_to(loop_core* loop, std::uint64_t serial) noexcept;

/// The scheduler: ready ring, timer heap, driver and inbox, and nothing else. The public face is
/// event_loop.
class loop_engine : public loop_core {
public:
    explicit loop_engine(box<driver> with);

    const replaceable_function<void(event_loop&, task_options&)>& factory() const noexcept {
        return factory_;
    }
    /// Reads the clock.
    time_point now() noexcept { return now_ = driver_->now(); }

    /// Called after each step of a task, for tests that steer by steps. Null for none.
    using step_observer = unique_function<void(task_core&)>;
    void observe_steps(step_observer observer) {
        observer_.replace(std::move(observer));
        choose_path();
    }
    /// Lets the present pass be the last one before the driver is asked, and timers and other
    /// threads have their turn.
    void poll_soon() noexcept { poll_at_ = 0; }

    /// Throws bad_alloc; then the node is not armed.
    void arm(timer_node& node, time_point deadline) {
        timers_.arm(node, deadline);
        if (deadline <= now_) {
            poll_soon();
        }
    }

    /// Whether tasks or callbacks are ready to run, those that other threads have sent among them.
    bool anything_is_ready() const noexcept;

    /// The task that Ctrl-C cancels; null for none.
    void set_interrupt_target(task_core* task) noexcept { interrupt_target_ = task; }

protected:
    ~loop_engine();

    /// Decides how steps are taken, from the next pass on, which begins at once.
    void choose_path() noexcept {
        watches_steps_ = debug_ || observer_ || shuffle_;
        ring_.cut_pass();
        makes_plain_tasks_ = !debug_ && !factory_;
    }
    void run_until_stopped();
    void run_once();
    bool needs_poll() const noexcept;
    void poll();
    void run_deferred() noexcept;
    void time_resumes(std::uint64_t resumes) noexcept;
    void sleep();
    void expire_timers() noexcept;
    void deliver_interrupt() noexcept;
    bool post_to_inbox(handle_core& call) noexcept;
    void drain_inbox() noexcept;
    void drop_inbox() noexcept;
    void run_ready();
    static void rest() noexcept;
    void run_item(ready_item item);
    void run_pass_watched();
    void run_item_watched(ready_item item);
    void run_item_timed(ready_item item);
    void run_item_observed(ready_item item);
    ready_item next_item() noexcept;
    void leave_with(std::exception_ptr error) noexcept;
    void report_pending(const task_core& task) noexcept;
    void end_tasks() noexcept;
    void close_core() noexcept;

    friend class loop_core;

    timer_heap timers_;
    time_point now_{};
    handle_core* inbox_ = nullptr;  // shared with other threads: through std::atomic_ref only
    bool leaving_ = false;          // stop() was called, or an error must end the loop
    bool watches_steps_ = false;    // there is more to do at each step than to take it
    bool asleep_ = false;           // shared with other threads as well
    // Counted in entries that the ring has given.
    std::uint64_t polled_at_ = 0;
    std::uint64_t poll_at_ = 0;  // when the next poll is due
    std::int64_t resumes_between_polls_ = 61;
    box<driver> driver_;
    replaceable_function<void(event_loop&, task_options&)> factory_;
    replaceable_function<void(task_core&)> observer_;
    std::optional<random_source> shuffle_;
    nanoseconds slow_callback_ = std::chrono::milliseconds(100);
    std::exception_ptr exit_error_;
    task_core* interrupt_target_ = nullptr;
    replaceable_function<void(event_loop&, const exception_context&)> exception_handler_;
    intrusive_list<async_generator_core> generators_;
    intrusive_list<loop_service> services_;
    intrusive_list<deferred> deferred_;
};

inline loop_engine& loop_core::engine() noexcept { return static_cast<loop_engine&>(*this); }
inline bool loop_core::is_busy() noexcept { return !ring_.empty() || !engine().deferred_.empty(); }
inline timer_heap& loop_core::timers() noexcept { return engine().timers_; }
inline driver& loop_core::io() noexcept { return *engine().driver_; }

}  // namespace detail
}  // namespace rondo
