// SPDX-License-Identifier: MIT
#include "sys/doorkeeper.hpp"
#include "sys/process_id.hpp"
#include "threads/loop_threads.hpp"
#include <rondo/core/event_loop.hpp>
#include <rondo/threads/detail/thread_job.hpp>
#include <rondo/threads/run_coroutine_threadsafe.hpp>

#include <optional>
#include <stdexcept>
#include <typeinfo>
#include <utility>

namespace rondo::detail {

namespace {

constinit thread_local thread_job* job_here = nullptr;

/// What an executor gets. Whatever it does with it, the job comes back exactly once.
class submitted_job {
public:
    explicit submitted_job(thread_job& job) noexcept : job_(&job) { job.retain(); }
    submitted_job(submitted_job&& other) noexcept : job_(std::exchange(other.job_, nullptr)) {}
    submitted_job& operator=(submitted_job&&) = delete;
    ~submitted_job() {
        if (job_ != nullptr) {
            job_->refused();
        }
    }
    void operator()() { std::exchange(job_, nullptr)->work(); }

private:
    thread_job* job_;
};

}  // namespace

thread_job::thread_job(loop_core& loop, context in)
    : handle_core(loop, {}, {}), context_(std::move(in)), door_(sys::companion()) {}

thread_job::~thread_job() = default;

thread_job* thread_job::running() noexcept { return job_here; }

/// Only who has the job is decided here. What start() wrote comes to the worker by the queue of the
/// executor, and what the worker wrote comes back by the loop's inbox.
bool thread_job::claim(phase next) noexcept {
    phase expected = phase::queued;
    return phase_.compare_exchange_strong(expected, next, std::memory_order_relaxed);
}

// ---- the loop's thread

void thread_job::start(executor& by, std::shared_ptr<loop_link> link, when_cancelled policy) {
    link_ = std::move(link);
    policy_ = policy;
    loop_->thread_work_begins();
    counted_ = true;
    process_ = sys::process_id();
    pooled_ = typeid(by) == typeid(thread_pool_executor);
    by.submit(submitted_job(*this));
}

bool thread_job::withdraw() noexcept {
    if (!claim(phase::withdrawn)) {
        return false;
    }
    forget();
    stop_counting();
    waiter_ = nullptr;
    return true;
}

bool thread_job::is_of_parent() const noexcept { return process_ != sys::process_id(); }

void thread_job::stop_counting() noexcept {
    if (std::exchange(counted_, false)) {
        loop_->thread_work_ends();
    }
}

void thread_job::request_stop() noexcept {
    stop_requested_.store(true);
    if (guest_.task != nullptr &&
        (guest_.in == nullptr || waiter_->waiting_task().edge_is_pending())) {
        guest_.task->request_cancel({});
    }
}

void thread_job::detach() noexcept {
    waiter_ = nullptr;
    stop_counting();
    if (task_core* guest = guest_.task) {
        guest_done();
        guest->request_cancel({});
    }
}

void thread_job::run() noexcept {
    loop_->unreserve();
    stop_counting();
    if (waiter* w = std::exchange(waiter_, nullptr)) {
        w->wake();
    }
    release();
}

void thread_job::drop() noexcept { release(); }

// ---- guests

void thread_job::start_guest(thread_completion& guest) {
    if (waiter_ == nullptr) {
        guest.publish_cancelled();
        return;
    }
    task_core& host = waiter_->waiting_task();
    // The guest of a function that may be abandoned may outlive the scopes of the host.
    scope_core* scope = policy_ == when_cancelled::wait ? host.scope() : nullptr;
    guest.host_ = this;
    guest_.task = guest.spawn_body(scope);
    if (guest_.task == nullptr) {
        return;
    }
    guest_.in = scope;
    if (scope != nullptr) {
        scope->add_member(guest_);
    }
    if (host.edge_is_pending() && stop_requested()) {
        guest_.task->request_cancel({});
    }
}

void thread_job::guest_done() noexcept {
    if (guest_.linked()) {
        guest_.in->remove_member(guest_);
    }
    guest_.task = nullptr;
    guest_.in = nullptr;
}

// ---- the worker's thread

void thread_job::work() noexcept {
    if (!claim(phase::running)) {
        release();
        return;
    }
    thread_job* const outer = std::exchange(job_here, this);
    {
        const context_entered in(context_.cell());
        std::optional<sys::borrowed_door> door;
        if (door_ != nullptr) {
            door.emplace(*door_);
        }
        try {
            call();
        } catch (...) {
            error_ = std::current_exception();
        }
        forget();
    }
    job_here = outer;
    if (pooled_) {
        thread_pool_executor::work_is_as_good_as_done();
    }
    const auto link = link_;  // the job may be gone before post() returns
    link->post(*this);
}

void thread_job::post_guest(std::shared_ptr<thread_completion> guest) {
    guest->bind(*loop_);
    link_->post(*new handle_core(*loop_, start_in_loop(std::move(guest), this), copy_context()));
}

void thread_job::refused() noexcept {
    if (!claim(phase::running)) {
        release();
        return;
    }
    error_ = std::make_exception_ptr(
        std::runtime_error("the executor ended before it ran the function"));
    forget();
    const auto link = link_;
    link->post(*this);
}

// ---- the await

thread_awaiter::~thread_awaiter() {
    if (waits_ && !job_->withdraw()) {
        job_->detach();
    }
}

bool thread_awaiter::await_ready() {
    loop_core& loop = *running_task("to_thread").loop();
    if (cancelled_before_start()) {
        return true;
    }
    loop_threads& threads = loop_threads::of(loop);
    job_->start(threads.resolve(executor_), threads.link(), policy_);
    return false;
}

void thread_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    suspend(handle);
    job_->set_waiter(*this);
    waits_ = true;
}

void thread_awaiter::await_resume() {
    waits_ = false;
    throw_if_cancelled();
    // The function that gave up on request has delivered that request.
    if (is_cancellation(job_->error())) {
        waiting_task().consume_edge();
    }
}

cancel_answer thread_awaiter::cancel() noexcept {
    if (job_->withdraw()) {
        return cancel_answer::done;
    }
    job_->request_stop();
    if (policy_ == when_cancelled::wait && !job_->is_of_parent()) {
        return cancel_answer::deferred;
    }
    job_->detach();
    return cancel_answer::done;
}

}  // namespace rondo::detail
