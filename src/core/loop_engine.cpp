// SPDX-License-Identifier: MIT
#include "base/frame_keeper.hpp"
#include "core/interrupt.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/core/detail/async_generator_core.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/loop_service.hpp>
#include <rondo/core/task.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>

namespace rondo::detail {

using namespace std::chrono_literals;

namespace {

/// A poll without anything to do costs about as much as twenty resumptions, so it is skipped for a
/// while as long as tasks are ready; but, a pass more or less, not for longer than this.
constexpr std::int64_t most_resumes_between_polls = 128;
constexpr nanoseconds longest_time_between_polls = 20us;
/// Fewer than these, before the loop sleeps, are not worth a look at the clock.
constexpr std::uint64_t least_resumes_to_time = 4;
constexpr std::size_t largest_pass = 256;

std::mutex live_loops_mutex;
std::vector<loop_core*>& live_loops() {
    static auto* loops = new std::vector<loop_core*>;  // outlives every static future
    return *loops;
}

// Gives each loop another number, and passes nothing else on.
constinit std::atomic<std::uint64_t> loops_so_far{0};

}  // namespace

with_live_loop::with_live_loop(loop_core* loop) noexcept : loop_(loop) {
    if (loop == nullptr || exec.loop == loop) {
        return;
    }
    const std::scoped_lock lock(live_loops_mutex);
    const auto& loops = live_loops();
    if (std::find(loops.begin(), loops.end(), loop) == loops.end()) {
        loop_ = nullptr;
    }
}

with_live_loop::with_live_loop(loop_core* loop, std::uint64_t serial) noexcept
    : with_live_loop(loop) {
    if (loop_ != nullptr && loop_->serial() != serial) {
        loop_ = nullptr;
    }
}

bool is_stranger_to(loop_core* loop, std::uint64_t serial) noexcept {
    if (exec.loop == loop) {
        return false;
    }
    const with_live_loop alive(loop, serial);
    return alive && (exec.loop != nullptr || alive->running());
}

loop_engine::loop_engine(box<driver> with)
    : loop_core(loops_so_far.fetch_add(1, std::memory_order_relaxed) + 1),
      driver_(std::move(with)) {
    if (auto seed = driver_->shuffle_seed()) {
        shuffle_.emplace(*seed);
    }
    debug_ = debug_mode();
    choose_path();
    now();
    const std::scoped_lock lock(live_loops_mutex);
    live_loops().push_back(this);
}

loop_engine::~loop_engine() = default;

// ---- steps of tasks: here, beside the loop that takes them, because this is the hottest code

void task_core::step() { take_step(); }

inline void task_core::take_step() {
    exec.may_be_cancelled = false;
    if (phase_ > task_phase::ready || may_be_cancelled_) {
        if (!may_go_on()) [[unlikely]] {
            return;
        }
        exec.may_be_cancelled = may_be_cancelled_;
    }
    go_on();
    if (handle().done()) {
        finish();
    }
}

bool task_core::may_go_on() noexcept {
    if (phase_ == task_phase::ready_to_try) {
        return try_await();
    }
    if (!started() && edge_pending_ && cancel_is_pending()) {
        end_cancelled_before_start();
        return false;
    }
    return true;
}

/// Without memory for the message, with none.
std::exception_ptr task_core::cancellation() const noexcept {
    try {
        return std::make_exception_ptr(cancelled_error(cancel_message()));
    } catch (const std::bad_alloc&) {
        return std::make_exception_ptr(cancelled_error());
    }
}

void task_core::end_cancelled_before_start() noexcept {
    edge_pending_ = false;
    error_ = cancellation();
    finish();
}

inline void task_core::finish() noexcept {
    exec.current = nullptr;
    phase_ = task_phase::done;
    loop_->forget(*this);
    if (error_ || edge_pending_) [[unlikely]] {
        finish_without_value();
    } else {
        complete(future_state::value);
    }
    release();  // the loop's own reference; may destroy the frame
}

void task_core::finish_without_value() noexcept {
    if (edge_pending_ && cancelled_itself_ && !error_) {
        error_ = cancellation();
    }
    if (!error_) {
        complete(future_state::value);
    } else if (is_cancellation(error_)) {
        complete(future_state::cancelled);
    } else {
        if (is_process_exit(error_)) {
            loop_->request_exit(error_);
        }
        complete(future_state::unseen_error);
    }
}

// ---- one iteration: poll, timers, inbox, then what was ready at that moment

void loop_engine::run_until_stopped() {
    exec.stack_floor = stack_position() - inline_stack_bytes;
    now();
    poll_soon();
    do {
        run_once();
    } while (!leaving_);
    leaving_ = false;
    run_deferred();
    if (exit_error_) {
        std::rethrow_exception(std::exchange(exit_error_, nullptr));
    }
}

void loop_engine::run_once() {
    if (needs_poll()) {
        poll();
        expire_timers();
    }
    drain_inbox();
    run_ready();
}

bool loop_engine::anything_is_ready() const noexcept {
    return !ring_.empty() || std::atomic_ref(inbox_).load(std::memory_order_relaxed) != nullptr;
}

/// A timer that is due comes after descriptors that are ready, so it asks for a poll as well. What
/// other threads have sent is like what is ready: it keeps the loop from the kernel for a while.
bool loop_engine::needs_poll() const noexcept {
    return !anything_is_ready() || timers_.next_deadline() <= now_ || ring_.head() >= poll_at_;
}

void loop_engine::run_deferred() noexcept {
    while (deferred* work = deferred_.pop_front()) {
        work->run();
    }
}

void loop_engine::poll() {
    run_deferred();
    const std::uint64_t resumes = ring_.head() - polled_at_;
    const bool may_sleep = ring_.empty() && !leaving_;
    if (!may_sleep || resumes >= least_resumes_to_time) {
        time_resumes(resumes);
    }
    polled_at_ = ring_.head();
    poll_at_ = leaving_ ? 0 : polled_at_ + static_cast<std::uint64_t>(resumes_between_polls_);
    if (may_sleep && timers_.next_deadline() > now_) {
        sleep();
    } else {
        driver_->poll({time_point::min(), false});
    }
    run_deferred();
    deliver_interrupt();
}

/// Reads the clock, and decides how many resumptions take as long as is allowed.
void loop_engine::time_resumes(std::uint64_t resumes) noexcept {
    const time_point before = now_;
    const nanoseconds passed = std::max(now() - before, nanoseconds(1));
    if (resumes > 0) {
        const auto fit = longest_time_between_polls * static_cast<std::int64_t>(resumes) / passed;
        resumes_between_polls_ = std::clamp<std::int64_t>(fit, 1, most_resumes_between_polls);
    }
}

void loop_engine::sleep() {
    // A producer stores its entry and then looks at asleep_; the loop stores asleep_ and then looks
    // for entries. Only sequential consistency, on both sides, keeps each from missing what the
    // other has stored: with less a load may overtake the store before it, on x86 as well. Taking
    // asleep_ back orders nothing: who sees it late wakes the loop once more than is needed.
    std::atomic_ref(asleep_).store(true);
    const bool inbox_empty = std::atomic_ref(inbox_).load() == nullptr;
    driver_->poll({inbox_empty ? timers_.next_deadline() : time_point::min(), thread_work_ > 0});
    std::atomic_ref(asleep_).store(false, std::memory_order_relaxed);
    now();
}

void loop_engine::deliver_interrupt() noexcept {
    if (interrupt_target_ != nullptr && interrupt_requested()) {
        std::exchange(interrupt_target_, nullptr)->request_cancel({});
    }
}

void loop_engine::expire_timers() noexcept {
    while (timers_.next_deadline() <= now_) {
        timers_.pop().expire();
    }
}

/// A pass is a snapshot: what becomes ready meanwhile belongs to the next one. Passes follow each
/// other without a look at anything else until a poll is due, or somebody asks for it.
void loop_engine::run_ready() {
    while (!ring_.empty()) {
        ring_.begin_pass(largest_pass);
        if (watches_steps_) [[unlikely]] {
            run_pass_watched();
        } else {
            do {
                run_item(ring_.pop());
            } while (!ring_.pass_ended());
        }
        if (ring_.head() >= poll_at_ ||
            std::atomic_ref(inbox_).load(std::memory_order_relaxed) != nullptr) {
            break;
        }
    }
    rest();
}

/// Between steps no task runs, and whoever asks takes the long way.
inline void loop_engine::rest() noexcept {
    exec.current = nullptr;
    exec.may_be_cancelled = true;
}

void loop_engine::run_pass_watched() {
    do {
        run_item_watched(next_item());
        rest();
    } while (!ring_.pass_ended());
}

void loop_engine::run_item_watched(ready_item item) {
    if (debug_) {
        run_item_timed(item);
    } else if (observer_) {
        run_item_observed(item);
    } else {
        run_item(item);
    }
}

ready_item loop_engine::next_item() noexcept {
    return shuffle_ ? ring_.pop_at(shuffle_->below(ring_.size())) : ring_.pop();
}

inline void loop_engine::run_item(ready_item item) {
    if (item.is_task()) [[likely]] {
        item.task().take_step();
    } else {
        rest();
        item.call().run();
    }
}

void loop_engine::run_item_observed(ready_item item) {
    if (!item.is_task() || !observer_) {
        run_item(item);
        return;
    }
    const auto keep = core_ref<task_core>::share(item.task());
    run_item(item);
    if (observer_) {  // the step may have sent it away
        observer_(*keep);
    }
}

void loop_engine::run_item_timed(ready_item item) {
    const std::string task = item.is_task() ? describe(item.task()) : std::string();
    const std::type_info& called = item.is_task() ? typeid(void) : item.call().target();
    const time_point before = now();
    run_item_observed(item);
    const nanoseconds took = now() - before;
    if (took >= slow_callback_) {
        char seconds[32];
        std::snprintf(seconds, sizeof seconds, "%.3f", std::chrono::duration<double>(took).count());
        warn("executing " + (task.empty() ? "callback " + type_name(called) : task) + " took " +
             seconds + " seconds");
    }
}

void loop_engine::leave_with(std::exception_ptr error) noexcept {
    if (!exit_error_) {
        exit_error_ = std::move(error);
        leaving_ = true;
        ring_.cut_pass();
        poll_soon();
    }
}

// ---- other threads

/// Entries are published by the release in the exchange of inbox_, which each later one carries on,
/// and fetched by the acquire in drain_inbox(). Against closed_ and asleep_ the order is that of
/// sleep(): each side stores, then looks.
bool loop_engine::post_to_inbox(handle_core& call) noexcept {
    if (closed()) {
        call.drop();
        return false;
    }
    handle_core* first = std::atomic_ref(inbox_).load(std::memory_order_relaxed);
    do {
        call.next_in_inbox = first;
    } while (!std::atomic_ref(inbox_).compare_exchange_weak(first, &call, std::memory_order_seq_cst,
                                                            std::memory_order_relaxed));
    if (std::atomic_ref(closed_).load()) {
        drop_inbox();  // close() may have looked before the entry was there
        return false;
    }
    // The first one wakes it. Until it is awake others need not.
    if (std::atomic_ref(asleep_).load() && std::atomic_ref(asleep_).exchange(false)) {
        driver_->wake();
    }
    return true;
}

/// The first look is a hint: what it misses is found in a later pass, or by sleep().
void loop_engine::drain_inbox() noexcept {
    if (std::atomic_ref(inbox_).load(std::memory_order_relaxed) == nullptr) [[likely]] {
        return;
    }
    handle_core* newest = std::atomic_ref(inbox_).exchange(nullptr, std::memory_order_acquire);
    std::size_t count = 0;
    while (newest != nullptr) {
        ring_.reserve();
        push(*newest);
        newest = newest->next_in_inbox;
        ++count;
    }
    ring_.reverse_last(count);
}

void loop_engine::drop_inbox() noexcept {
    handle_core* call = std::atomic_ref(inbox_).exchange(nullptr);
    while (call != nullptr) {
        handle_core* next = call->next_in_inbox;
        call->drop();
        call = next;
    }
}

// ---- the end

namespace {

/// Needs no memory.
void sort_by_age(intrusive_list<task_core>& tasks, std::size_t count) noexcept {
    if (count < 2) {
        return;
    }
    intrusive_list<task_core> front;
    for (std::size_t i = 0; i < count / 2; ++i) {
        front.push_back(*tasks.pop_front());
    }
    std::size_t left = count - count / 2;
    sort_by_age(front, count / 2);
    sort_by_age(tasks, left);
    for (std::size_t i = 0; i < count; ++i) {
        if (!front.empty() && (left == 0 || front.front()->id() < tasks.front()->id())) {
            tasks.push_back(*front.pop_front());
        } else {
            tasks.push_back(*tasks.pop_front());
            --left;
        }
    }
}

}  // namespace

void loop_engine::report_pending(const task_core& task) noexcept {
    std::string where;
    try {
        where = describe(task);
    } catch (const std::bad_alloc&) {
        where = "?";
    }
    report("task was destroyed but it is pending", nullptr, where);
}

/// Nobody is chosen by anybody before the first coroutine is destroyed, for that may give back what
/// others wait for. The youngest go first: what a task has started may refer to what is the task's.
void loop_engine::end_tasks() noexcept {
    std::size_t count = 0;
    const auto& list = tasks();  // from here on nobody is in the ring only
    for (task_core* task = list.front(); task != nullptr; task = list.after(*task)) {
        report_pending(*task);
        ++count;
    }
    for (task_core* task = list.front(); task != nullptr; task = list.after(*task)) {
        task->give_up();
    }
    sort_by_age(tasks_, count);
    frame_pool::keeper keeper;
    while (task_core* youngest = tasks_.back()) {
        tasks_.remove(*youngest);
        youngest->end_at_close(keeper);
    }
}

void loop_engine::close_core() noexcept {
    {
        const std::scoped_lock lock(live_loops_mutex);
        std::erase(live_loops(), this);
    }
    run_deferred();
    while (loop_service* youngest = services_.back()) {
        services_.remove(*youngest);
        youngest->close();
        delete youngest;
    }
    driver_->retire();
    // A producer that does not see this has its entry where drop_inbox() sees it.
    std::atomic_ref(closed_).store(true);
    end_tasks();
    drop_inbox();
    while (generators_.pop_front() != nullptr) {
    }
    while (!ring_.empty()) {
        const ready_item item = ring_.pop();
        if (!item.is_task()) {
            item.call().drop();
        }
    }
    while (!timers_.empty()) {
        timer_node& timer = timers_.pop();
        if (auto* handle = dynamic_cast<timer_handle_core*>(&timer)) {
            handle->drop();
        }
    }
}

}  // namespace rondo::detail
