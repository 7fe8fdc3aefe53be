// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/context_var.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/detail/result_slot.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/handle.hpp>
#include <rondo/threads/executor.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rondo {

namespace sys {
class doorkeeper;
}

namespace detail {

class loop_link;
class thread_completion;

/// What becomes of a function that already runs when the one who waits for it is cancelled.
enum class when_cancelled : std::uint8_t { wait, abandon };

/// One function on its way through an executor: the function, its arguments, and then its result.
/// Owned jointly by the awaiting coroutine and by whoever has to run it, so that either may go
/// first.
///
///     queued ──claim()──▶ running ──▶ posted to the loop, which wakes the awaiting task
///        └───withdraw()──▶ withdrawn: nobody runs it any more
///
/// What is not atomic belongs to the loop's thread, but for the time between claim() and the post,
/// when function, arguments, result and error belong to the worker.
class thread_job : public handle_core {
public:
    // ---- loop's thread
    /// Hands the job over. Throws what the executor throws.
    void start(executor& by, std::shared_ptr<loop_link> link, when_cancelled policy);
    /// Takes back what nobody has begun.
    bool withdraw() noexcept;
    /// The one who waits wants to go: the function, if it runs, is told by check_cancelled().
    void request_stop() noexcept;
    /// Nobody waits any more.
    void detach() noexcept;
    /// Whether this is the child of a fork, and the thread that might run it was left behind.
    bool is_of_parent() const noexcept;
    void set_waiter(waiter& w) noexcept { waiter_ = &w; }
    const std::exception_ptr& error() const noexcept { return error_; }

    void run() noexcept override;
    void drop() noexcept override;

    /// A task that the function runs in the loop by from_thread::run: a member of the host's scope.
    void start_guest(thread_completion& guest);
    void guest_done() noexcept;

    // ---- the worker's thread
    /// Runs the function, if it is not withdrawn, and posts the job.
    void work() noexcept;
    /// The executor destroyed the work without running it.
    void refused() noexcept;
    bool stop_requested() const noexcept { return stop_requested_.load(); }
    /// Sends a task to the loop, to run there as this job's guest.
    void post_guest(std::shared_ptr<thread_completion> guest);

    /// The job that this thread runs; null outside of one.
    static thread_job* running() noexcept;

protected:
    thread_job(loop_core& loop, context in);
    ~thread_job() override;

    virtual void call() = 0;
    /// Destroys the function and its arguments.
    virtual void forget() noexcept = 0;

private:
    enum class phase : std::uint8_t { queued, running, withdrawn };

    bool claim(phase next) noexcept;
    void stop_counting() noexcept;

    std::atomic<phase> phase_{phase::queued};
    std::atomic<bool> stop_requested_{false};  // a flag with nothing behind it
    when_cancelled policy_ = when_cancelled::wait;
    int process_ = 0;       // where it was started
    bool counted_ = false;  // as work that the loop waits for
    bool pooled_ = false;   // by a pool of rondo's, and it is all that the pool has to do
    std::exception_ptr error_;
    context context_;
    sys::doorkeeper* door_;  // stands between the kernel and the loop, and so the worker, too
    std::shared_ptr<loop_link> link_;
    waiter* waiter_ = nullptr;

    struct guest_member final : scope_core::member {
        scope_core* in = nullptr;  // the scope that it is a member of
    };
    guest_member guest_;
};

/// A job with its function: fn(args...), all of them owned.
template <class F, class... Args>
class thread_call final : public thread_job {
public:
    using result = std::invoke_result_t<F, Args...>;

    thread_call(loop_core& loop, context in, F&& fn, Args&&... args)
        : thread_job(loop, std::move(in)),
          call_(std::in_place, std::move(fn), std::tuple<Args...>(std::move(args)...)) {}

    result take() {
        if (error()) {
            std::rethrow_exception(error());
        }
        return result_.take();
    }

private:
    void call() override {
        if constexpr (std::is_void_v<result>) {
            std::apply(std::move(call_->first), std::move(call_->second));
            result_.set();
        } else {
            result_.set(std::apply(std::move(call_->first), std::move(call_->second)));
        }
    }
    void forget() noexcept override { call_.reset(); }

    std::optional<std::pair<F, std::tuple<Args...>>> call_;
    result_slot<result> result_;
};

/// An owning pointer to a job.
template <class Job>
class thread_job_ref {
public:
    /// Takes over one reference.
    explicit thread_job_ref(Job* job) noexcept : job_(job) {}
    thread_job_ref(thread_job_ref&& other) noexcept : job_(std::exchange(other.job_, nullptr)) {}
    thread_job_ref& operator=(thread_job_ref&&) = delete;
    ~thread_job_ref() {
        if (job_ != nullptr) {
            job_->release();
        }
    }
    Job& operator*() const noexcept { return *job_; }
    Job* operator->() const noexcept { return job_; }

private:
    Job* job_;
};

/// The await of a job. The job's result is taken afterwards.
class thread_awaiter final : public waiter {
public:
    using rondo_awaitable = void;

    thread_awaiter(thread_job& job, executor* by, when_cancelled policy) noexcept
        : job_(&job), executor_(by), policy_(policy) {}
    ~thread_awaiter();

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume();
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return "to_thread"; }

private:
    thread_job* job_;
    executor* executor_;
    when_cancelled policy_;
    bool waits_ = false;
};

/// The coroutine behind to_thread.
template <class F, class... Args>
auto in_thread(executor* by, when_cancelled policy, F fn, Args... args)
    -> coro<std::invoke_result_t<F, Args...>> {
    using job_type = thread_call<F, Args...>;
    loop_core& loop = running_core("to_thread");
    const thread_job_ref<job_type> job(
        new job_type(loop, copy_context(), std::move(fn), std::move(args)...));
    co_await thread_awaiter(*job, by, policy);
    co_return job->take();
}

}  // namespace detail
}  // namespace rondo
