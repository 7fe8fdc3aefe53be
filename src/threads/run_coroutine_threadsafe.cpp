// SPDX-License-Identifier: MIT
#include <rondo/core/errors.hpp>
#include <rondo/threads/detail/remote_waiter.hpp>
#include <rondo/threads/detail/thread_job.hpp>
#include <rondo/threads/run_coroutine_threadsafe.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace rondo::detail {

struct thread_completion::sync {
    std::mutex mutex;
    std::condition_variable ended;
    state how = state::pending;
};

namespace {

void check_may_block(const char* operation) {
    if (exec.loop != nullptr) {
        throw std::runtime_error(std::string(operation) +
                                 " would block the event loop that runs in this thread: co_await "
                                 "the coroutine itself, or a task that runs it");
    }
}

}  // namespace

thread_completion::thread_completion(loop_core* loop)
    : sync_(std::make_unique<sync>()), loop_(loop) {}

thread_completion::~thread_completion() = default;

// ---- any thread

bool thread_completion::done() const noexcept {
    const std::scoped_lock lock(sync_->mutex);
    return sync_->how != state::pending;
}

bool thread_completion::is_cancelled() const noexcept {
    const std::scoped_lock lock(sync_->mutex);
    return sync_->how == state::cancelled;
}

void thread_completion::wait(const char* operation) {
    std::unique_lock lock(sync_->mutex);
    if (sync_->how == state::pending) {
        check_may_block(operation);
        sync_->ended.wait(lock, [this] { return sync_->how != state::pending; });
    }
}

bool thread_completion::wait_for(nanoseconds limit, const char* operation) {
    // A wait with the largest duration would overflow.
    limit = std::min<nanoseconds>(limit, std::chrono::hours(24 * 365));
    std::unique_lock lock(sync_->mutex);
    if (sync_->how == state::pending) {
        check_may_block(operation);
        sync_->ended.wait_for(lock, limit, [this] { return sync_->how != state::pending; });
    }
    return sync_->how != state::pending;
}

void thread_completion::check_value() {
    const std::scoped_lock lock(sync_->mutex);
    if (sync_->how == state::cancelled) {
        throw cancelled_error();
    }
    if (sync_->how == state::error) {
        std::rethrow_exception(error_);
    }
}

bool thread_completion::request_cancel() {
    // While it is pending the loop exists: closing ends every task, and whoever ends it waits here.
    const std::scoped_lock lock(sync_->mutex);
    if (sync_->how != state::pending) {
        return false;
    }
    auto* call = new handle_core(
        *loop_,
        [self = shared_from_this()] {
            if (self->task_ != nullptr) {
                self->task_->request_cancel({});
            } else {
                self->cancelled_early_ = true;
            }
        },
        context());
    return loop_->post(*call);
}

void thread_completion::tell(remote_waiter& waiter) {
    const std::scoped_lock lock(sync_->mutex);
    if (sync_->how == state::pending) {
        told_ = &waiter;
    } else {
        waiter.ring();
    }
}

void thread_completion::untell() noexcept {
    const std::scoped_lock lock(sync_->mutex);
    told_ = nullptr;
}

// ---- the loop's thread

task_core* thread_completion::spawn_body(scope_core* scope) {
    coro<void> runs = body();
    try {
        const auto task = core_ref<task_core>::adopt(
            spawn(*loop_, unused_promise(runs), {}, scope, std::source_location::current()));
        runs.release();
        task_ = task->done() ? nullptr : task.get();
    } catch (...) {
        publish(std::current_exception());  // before `runs` ends, which would mean cancelled
    }
    return task_;
}

void thread_completion::start(thread_job* host) noexcept {
    if (cancelled_early_) {
        publish_cancelled();
        return;
    }
    try {
        if (host != nullptr) {
            host->start_guest(*this);
        } else {
            spawn_body(nullptr);
        }
    } catch (...) {
        publish(std::current_exception());
    }
}

void thread_completion::publish(std::exception_ptr error) noexcept {
    const state how = error ? state::error : state::value;
    end(how, std::move(error));
}

void thread_completion::publish_cancelled() noexcept { end(state::cancelled, nullptr); }

void thread_completion::end(state how, std::exception_ptr error) noexcept {
    {
        const std::scoped_lock lock(sync_->mutex);
        if (sync_->how != state::pending) {
            return;
        }
        if (thread_job* host = std::exchange(host_, nullptr)) {
            host->guest_done();
        }
        task_ = nullptr;
        error_ = std::move(error);
        sync_->how = how;
        if (told_ != nullptr) {
            std::exchange(told_, nullptr)->ring();
        }
    }
    sync_->ended.notify_all();
}

start_in_loop::~start_in_loop() {
    if (completion_ != nullptr) {
        completion_->publish_cancelled();
    }
}

void start_in_loop::operator()() { std::exchange(completion_, nullptr)->start(host_); }

void send_to_loop(event_loop& loop, std::shared_ptr<thread_completion> completion) {
    loop.call_soon_threadsafe(start_in_loop(std::move(completion), nullptr));
}

}  // namespace rondo::detail
