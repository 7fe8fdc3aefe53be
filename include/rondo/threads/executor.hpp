// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/coro.hpp>

#include <memory>

namespace rondo {

namespace detail {
class loop_threads;
class thread_job;
}  // namespace detail

/// Something that runs functions in other threads: what `to_thread` and `run_in_executor` use.
/// Derive from it to bring your own pool.
class executor {
public:
    executor() = default;
    executor(const executor&) = delete;
    executor& operator=(const executor&) = delete;
    virtual ~executor() = default;

    /// Runs `work` once, in some other thread, soon; `work` throws nothing. Must be callable from
    /// any thread. Throws when it cannot; the work is then destroyed without having run. An
    /// executor that ends may destroy work as well: whoever waits for it is told.
    virtual void submit(unique_function<void()> work) = 0;
};

/// A bounded pool of threads that are started when they are needed and then reused:
/// concurrent.futures.ThreadPoolExecutor.
///
///     rondo::thread_pool_executor pool(4);
///     auto digest = co_await rondo::run_in_executor(&pool, hash_file, path);
///
/// Work starts in the order of its submission. The destructor waits for all of it, unless it is
/// called by that work itself. Threads: any.
class thread_pool_executor final : public executor {
public:
    /// min(32, cores + 4), as in Python: enough for blocking calls, not too many for a small
    /// machine.
    static int default_size() noexcept;

    /// At most that many threads. Throws invalid_argument when it is not positive.
    explicit thread_pool_executor(int most = default_size());
    ~thread_pool_executor() override;

    /// Throws runtime_error after shutdown, system_error when not even one thread can be started.
    void submit(unique_function<void()> work) override;

    /// Takes no more work, and waits until what was submitted is done. Blocks; may be repeated,
    /// also by several threads at once, all of which wait. Throws runtime_error in a thread of the
    /// pool.
    void shutdown();
    /// The same for at most that long. When the time is over it warns on stderr, gives the threads
    /// up, which then end by themselves, and returns false.
    template <class Rep, class Period>
    bool shutdown_for(std::chrono::duration<Rep, Period> limit) {
        return shutdown_within(detail::to_nanoseconds(limit));
    }
    /// Takes no more work and does not wait: the threads end by themselves.
    void shutdown_nowait() noexcept;

    /// How many threads there are now.
    int size() const;

private:
    friend class detail::loop_threads;
    friend class detail::thread_job;
    struct state;

    /// For work that does nothing any more that takes time, but may wake somebody who submits: this
    /// thread then counts as one that comes to it.
    static void work_is_as_good_as_done() noexcept;

    void check_may_wait() const;
    bool shutdown_within(nanoseconds limit);
    /// `then` is called, by any thread, once shutdown has begun and no thread is left.
    void shutdown_then(unique_function<void()> then);

    const std::shared_ptr<state>& own_state();

    std::shared_ptr<state> state_;
};

/// Makes `to_thread`, and `run_in_executor` with null, use `to` in the running loop. It is not
/// owned and must outlive the loop. Null: back to the loop's own pool.
void set_default_executor(executor* to);

/// Ends the running loop's own pool, which takes no more work: waits until its threads are gone,
/// without blocking the loop. `run` does it at its end.
/// Returns: nothing. Throws: nothing of its own. Cancellation: gives up waiting. Fairness: yields
/// when there are threads to wait for. Threads: the loop's.
coro<void> shutdown_default_executor();
/// The same for at most that long; then it warns on stderr, and leaves the threads to themselves.
/// Returns, Throws, Cancellation, Fairness, Threads: as above.
coro<void> shutdown_default_executor(nanoseconds limit);

}  // namespace rondo
