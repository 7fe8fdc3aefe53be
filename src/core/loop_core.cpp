// SPDX-License-Identifier: MIT
#include <rondo/base/errors.hpp>
#include <rondo/core/async_generator_core.hpp>
#include <rondo/core/debug.hpp>
#include <rondo/core/interrupt.hpp>
#include <rondo/core/loop.hpp>
#include <rondo/core/task.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>

namespace rondo::detail {

namespace {

/// A poll without anything to do costs about as much as ten resumptions, so it is skipped for a
/// while as long as tasks are ready; but not for longer than this.
constexpr int most_resumes_between_polls = 61;
constexpr nanoseconds longest_time_between_polls = std::chrono::microseconds(20);
constexpr std::size_t largest_batch = 256;

std::mutex live_loops_mutex;
std::vector<loop_core*>& live_loops() {
    static auto* loops = new std::vector<loop_core*>;  // outlives every static future
    return *loops;
}

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

loop_core::loop_core(box<driver> with)
    : serial_(loops_so_far.fetch_add(1, std::memory_order_relaxed) + 1), driver_(std::move(with)) {
    if (auto seed = driver_->shuffle_seed()) {
        shuffle_.emplace(*seed);
    }
    debug_ = debug_mode();
    choose_path();
    now();
    const std::scoped_lock lock(live_loops_mutex);
    live_loops().push_back(this);
}

loop_core::~loop_core() = default;

event_loop& loop_core::face() noexcept { return static_cast<event_loop&>(*this); }

// ---- tasks

void loop_core::forget(task_core& task) noexcept {
    tasks_.remove(task);
    ring_.unreserve();
}

// ---- one iteration: poll, timers, inbox, then what was ready at that moment

void loop_core::run_until_stopped() {
    exec.stack_floor = stack_position() - inline_stack_bytes;
    now();
    resumes_since_poll_ = resumes_between_polls_;  // every run begins with a poll
    do {
        run_once();
    } while (!leaving_);
    leaving_ = false;
    if (exit_error_) {
        std::rethrow_exception(std::exchange(exit_error_, nullptr));
    }
}

void loop_core::run_once() {
    if (needs_poll()) {
        poll();
        expire_timers();
    }
    drain_inbox();
    run_ready();
}

/// A timer that is due comes after descriptors that are ready, so it asks for a poll as well.
bool loop_core::needs_poll() const noexcept {
    return ring_.empty() || timers_.next_deadline() <= now_ ||
           resumes_since_poll_ >= resumes_between_polls_;
}

/// Whether the next iteration would do nothing but run what is ready.
bool loop_core::goes_on() noexcept {
    return !needs_poll() && !leaving_ &&
           std::atomic_ref(inbox_).load(std::memory_order_relaxed) == nullptr;
}

void loop_core::poll() {
    const time_point before = now_;
    now();
    const nanoseconds passed = now_ - before;
    if (resumes_since_poll_ > 0) {
        const nanoseconds each = std::max(passed / resumes_since_poll_, nanoseconds(1));
        resumes_between_polls_ = static_cast<int>(std::clamp<std::int64_t>(
            longest_time_between_polls / each, 1, most_resumes_between_polls));
    }
    resumes_since_poll_ = 0;

    const bool busy = !ring_.empty() || leaving_ || timers_.next_deadline() <= now_;
    if (busy) {
        driver_->poll({time_point::min(), false});
        deliver_interrupt();
        return;
    }
    // A producer that finds asleep_ set wakes the driver; one that does not has put its entry
    // where the check below sees it. Both sides are sequentially consistent.
    std::atomic_ref(asleep_).store(true);
    const bool inbox_empty = std::atomic_ref(inbox_).load() == nullptr;
    driver_->poll({inbox_empty ? timers_.next_deadline() : time_point::min(), thread_work_ > 0});
    std::atomic_ref(asleep_).store(false);
    now();
    deliver_interrupt();
}

void loop_core::deliver_interrupt() noexcept {
    if (interrupt_target_ != nullptr && interrupt_requested()) {
        std::exchange(interrupt_target_, nullptr)->request_cancel({});
    }
}

void loop_core::expire_timers() noexcept {
    while (timers_.next_deadline() <= now_) {
        timers_.pop().expire();
    }
}

/// One iteration's batch is a snapshot: what becomes ready meanwhile belongs to the next one.
void loop_core::run_ready() {
    do {
        const std::size_t batch = std::min(ring_.size(), largest_batch);
        resumes_since_poll_ += static_cast<int>(batch);
        if (watches_steps_) [[unlikely]] {
            run_batch_watched(batch);
        } else {
            run_batch(batch);
        }
    } while (goes_on());
}

inline void loop_core::run_batch(std::size_t size) {
    for (; size > 0 && !exit_error_; --size) {
        run_item(ring_.pop());
    }
}

void loop_core::run_batch_watched(std::size_t size) {
    for (; size > 0 && !exit_error_; --size) {
        run_item_watched(next_item());
    }
}

void loop_core::run_item_watched(ready_item item) {
    if (debug_) {
        run_item_timed(item);
    } else if (observer_) {
        run_item_observed(item);
    } else {
        run_item(item);
    }
}

ready_item loop_core::next_item() noexcept {
    return shuffle_ ? ring_.pop_at(shuffle_->below(ring_.size())) : ring_.pop();
}

inline void loop_core::run_item(ready_item item) {
    if (item.is_task()) [[likely]] {
        item.task().step();
    } else {
        item.call().run();
    }
}

void loop_core::run_item_observed(ready_item item) {
    if (!item.is_task() || !observer_) {
        run_item(item);
        return;
    }
    const auto keep = core_ref<task_core>::share(item.task());
    run_item(item);
    observer_(*keep);
}

void loop_core::run_item_timed(ready_item item) {
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

// ---- steps of tasks: here, beside the loop that takes them, because this is the hottest code

void task_core::make_ready() noexcept {
    phase_ = task_phase::ready;
    loop_->push(*this);
}

void task_core::block_ready(suspension& at) noexcept {
    at_ = &at;
    make_ready();
}

void waiter::wake() noexcept { task_->make_ready(); }

void waiter::suspend(std::coroutine_handle<> handle) noexcept {
    resume_at = handle;
    of_frame = exec.frame;
    task_ = exec.current;
    task_->block(*this);
}

void waiter::suspend_ready(std::coroutine_handle<> handle) noexcept {
    task_ = exec.current;
    suspend_in_ring(*this, handle);
}

void suspend_in_ring(suspension& at, std::coroutine_handle<> handle) noexcept {
    at.resume_at = handle;
    at.of_frame = exec.frame;
    exec.current->block_ready(at);
}

void task_core::step() {
    std::coroutine_handle<> at;
    if (at_ != nullptr) [[likely]] {
        at = at_->resume_at;
    } else {
        if (edge_pending_ && cancel_is_pending()) [[unlikely]] {
            end_cancelled_before_start();
            return;
        }
        at = frame();
        started_ = true;
    }
    phase_ = task_phase::running;
    exec.may_be_cancelled = edge_pending_ || scope_ != nullptr;
    resume_as(*this, at);
    if (frame().done()) {
        finish();
    }
}

void task_core::end_cancelled_before_start() noexcept {
    edge_pending_ = false;
    error_ = std::make_exception_ptr(cancelled_error(cancel_message()));
    finish();
}

void task_core::finish() noexcept {
    phase_ = task_phase::done;
    loop_->forget(*this);
    if (edge_pending_ && cancelled_itself_ && !error_) [[unlikely]] {
        error_ = std::make_exception_ptr(cancelled_error(cancel_message()));
    }
    if (!error_) [[likely]] {
        complete(future_state::value);
    } else if (is_cancellation(error_)) {
        complete(future_state::cancelled);
    } else {
        if (is_process_exit(error_)) {
            loop_->request_exit(error_);
        }
        unretrieved_ = true;
        complete(future_state::error);
    }
    release();  // the loop's own reference; may destroy the frame
}

// ---- other threads

bool loop_core::closed() const noexcept {
    return std::atomic_ref(closed_).load(std::memory_order_acquire);
}

bool loop_core::running() const noexcept {
    return std::atomic_ref(running_).load(std::memory_order_relaxed);
}

bool loop_core::post(handle_core& call) noexcept {
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
    if (std::atomic_ref(asleep_).load()) {
        driver_->wake();
    }
    return true;
}

void loop_core::drain_inbox() noexcept {
    if (std::atomic_ref(inbox_).load(std::memory_order_relaxed) == nullptr) [[likely]] {
        return;
    }
    handle_core* newest = std::atomic_ref(inbox_).exchange(nullptr, std::memory_order_acquire);
    handle_core* oldest = nullptr;
    while (newest != nullptr) {
        handle_core* next = newest->next_in_inbox;
        newest->next_in_inbox = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest != nullptr) {
        handle_core* next = oldest->next_in_inbox;
        ring_.reserve();
        push(*oldest);
        oldest = next;
    }
}

void loop_core::drop_inbox() noexcept {
    handle_core* call = std::atomic_ref(inbox_).exchange(nullptr);
    while (call != nullptr) {
        handle_core* next = call->next_in_inbox;
        call->drop();
        call = next;
    }
}

// ---- services

loop_attachment* loop_core::attached(const void* key) const noexcept {
    loop_attachment* found = attachments_.front();
    while (found != nullptr && found->key() != key) {
        found = attachments_.after(*found);
    }
    return found;
}

// ---- errors

void loop_core::request_exit(std::exception_ptr error) noexcept {
    if (!exit_error_) {
        exit_error_ = std::move(error);
        leaving_ = true;
    }
}

void loop_core::report(exception_context what) noexcept { face().call_exception_handler(what); }

void loop_core::check_usable(const char* operation) const {
    if (closed()) {
        throw std::runtime_error(std::string(operation) + ": the event loop is closed");
    }
    check_thread(operation);
}

void loop_core::check_thread(const char* operation) const {
    if (running() && exec.loop != this) {
        throw std::runtime_error(std::string(operation) +
                                 ": the event loop runs in another thread; use "
                                 "call_soon_threadsafe or run_coroutine_threadsafe");
    }
}

// ---- async generators

void loop_core::track(async_generator_core& generator) noexcept {
    generators_.push_back(generator);
}

void loop_core::untrack(async_generator_core& generator) noexcept { generators_.remove(generator); }

// ---- the end

void loop_core::close_core() noexcept {
    {
        const std::scoped_lock lock(live_loops_mutex);
        std::erase(live_loops(), this);
    }
    while (loop_attachment* attachment = attachments_.pop_front()) {
        attachment->loop_closes();
    }
    std::atomic_ref(closed_).store(true);
    drop_inbox();
    while (task_core* task = tasks_.front()) {
        report({"task was destroyed but it is pending", nullptr, describe(*task)});
        tasks_.remove(*task);
        task->abandon_at_close();
    }
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
