// SPDX-License-Identifier: MIT
#include "sys/process_id.hpp"
#include "sys/thread_semaphore.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/threads/executor.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace rondo {

/// Shared with the threads, so that threads that were given up have something to end in.
///
/// A thread works, is idle, or comes: it was started, or called, or its work is as good as done,
/// and it will look into the queue. Work for which nobody comes calls a thread that is idle; where
/// none is, one is started.
struct thread_pool_executor::state {
    explicit state(int size) : most(size) {}

    const int process = sys::process_id();

    std::mutex mutex;
    sys::thread_semaphore called;   // what idle threads wait for
    std::condition_variable ended;  // no thread is left
    std::deque<unique_function<void()>> queue;
    std::vector<std::thread> threads;  // not joined yet
    const int most;
    int alive = 0;
    std::size_t joining = 0;  // threads that somebody waits for in shutdown()
    std::size_t idle = 0;
    std::size_t coming = 0;
    bool closing = false;
    std::vector<unique_function<void()>> then;  // called when no thread is left

    /// The pool whose work this thread does; null again when the thread comes.
    static constinit thread_local state* working_for;
    /// The pool that this thread belongs to.
    static constinit thread_local const state* member_of;

    void serve() {
        member_of = this;
        std::unique_lock lock(mutex);
        while (auto work = next(lock)) {
            lock.unlock();
            working_for = this;
            work();
            work.reset();
            lock.lock();
            coming += std::exchange(working_for, nullptr) != nullptr ? 1 : 0;
        }
        --alive;
        tell_end(lock);
    }

    /// The next work, for a thread that comes; none when the end has come.
    unique_function<void()> next(std::unique_lock<std::mutex>& lock) {
        --coming;
        while (queue.empty() && !closing) {
            ++idle;
            lock.unlock();
            called.wait();
            lock.lock();
            --coming;
        }
        unique_function<void()> work;
        if (!queue.empty()) {
            work = std::move(queue.front());
            queue.pop_front();
        }
        return work;
    }

    /// For the work that was put into the queue last.
    static void start_thread(const std::shared_ptr<state>& s) {
        try {
            s->threads.emplace_back([s] { s->serve(); });
            ++s->alive;
            ++s->coming;
        } catch (...) {
            if (s->alive > 0) {
                return;  // those who are there will come to it
            }
            s->queue.pop_back();
            throw;
        }
    }

    void tell_end(std::unique_lock<std::mutex>& lock) {
        if (!closing || alive > 0) {
            return;
        }
        auto calls = std::exchange(then, {});
        lock.unlock();
        ended.notify_all();
        for (auto& call : calls) {
            call();
        }
    }

    void begin_end() {
        closing = true;
        for (; idle > 0; --idle) {
            ++coming;
            called.post();
        }
    }
};

/// The child of a fork has none of the threads, and whatever they had locked stays so. It leaves
/// all of that alone, and begins with a pool of its own.
const std::shared_ptr<thread_pool_executor::state>& thread_pool_executor::own_state() {
    if (state_->process != sys::process_id()) [[unlikely]] {
        static auto* const left = new std::vector<std::shared_ptr<state>>;
        left->push_back(std::exchange(state_, std::make_shared<state>(state_->most)));
    }
    return state_;
}

constinit thread_local thread_pool_executor::state* thread_pool_executor::state::working_for =
    nullptr;
constinit thread_local const thread_pool_executor::state* thread_pool_executor::state::member_of =
    nullptr;

int thread_pool_executor::default_size() noexcept {
    return std::min(32, static_cast<int>(std::thread::hardware_concurrency()) + 4);
}

thread_pool_executor::thread_pool_executor(int most) {
    if (most < 1) {
        throw std::invalid_argument("thread_pool_executor: it needs at least one thread");
    }
    state_ = std::make_shared<state>(most);
}

thread_pool_executor::~thread_pool_executor() {
    // Its own work may hold it last; a thread cannot wait for its own end.
    state::member_of == state_.get() ? shutdown_nowait() : shutdown();
}

void thread_pool_executor::submit(unique_function<void()> work) {
    const auto s = own_state();  // the work may end the pool as soon as a thread has it
    std::unique_lock lock(s->mutex);
    if (s->closing) {
        throw std::runtime_error("thread_pool_executor::submit: the pool was shut down");
    }
    s->queue.push_back(std::move(work));
    if (s->queue.size() <= s->coming) {
        return;
    }
    if (s->idle > 0) {
        --s->idle;
        ++s->coming;
        lock.unlock();  // the thread that wakes wants it first of all
        s->called.post();
    } else if (s->alive < s->most) {
        state::start_thread(s);
    }
}

void thread_pool_executor::work_is_as_good_as_done() noexcept {
    if (state* const s = std::exchange(state::working_for, nullptr)) {
        const std::scoped_lock lock(s->mutex);
        ++s->coming;
    }
}

void thread_pool_executor::check_may_wait() const {
    if (state::member_of == state_.get()) {
        throw std::runtime_error(
            "thread_pool_executor::shutdown: cannot join current thread: the work of a pool cannot "
            "wait for the end of all its work; use shutdown_nowait()");
    }
}

void thread_pool_executor::shutdown() {
    check_may_wait();
    std::vector<std::thread> threads;
    std::unique_lock lock(own_state()->mutex);
    state_->begin_end();
    threads.swap(state_->threads);
    state_->joining += threads.size();
    lock.unlock();
    for (std::thread& thread : threads) {
        thread.join();
    }
    lock.lock();
    state_->joining -= threads.size();
    state_->ended.notify_all();
    state_->ended.wait(lock, [this] { return state_->joining == 0; });
}

bool thread_pool_executor::shutdown_within(nanoseconds limit) {
    check_may_wait();
    // A wait_for with the largest duration would overflow.
    limit = std::min<nanoseconds>(limit, std::chrono::hours(24 * 365));
    bool all_gone = false;
    {
        std::unique_lock lock(own_state()->mutex);
        state_->begin_end();
        all_gone = state_->ended.wait_for(lock, limit, [this] { return state_->alive == 0; });
    }
    if (all_gone) {
        shutdown();
        return true;
    }
    char line[128];
    std::snprintf(line, sizeof line,
                  "thread_pool_executor: its threads did not end within %g seconds",
                  std::chrono::duration<double>(limit).count());
    detail::warn(line);
    shutdown_nowait();
    return false;
}

void thread_pool_executor::shutdown_nowait() noexcept {
    const std::scoped_lock lock(own_state()->mutex);
    state_->begin_end();
    for (std::thread& thread : state_->threads) {
        thread.detach();
    }
    state_->threads.clear();
}

void thread_pool_executor::shutdown_then(unique_function<void()> then) {
    std::unique_lock lock(own_state()->mutex);
    state_->then.push_back(std::move(then));
    state_->begin_end();
    state_->tell_end(lock);
}

int thread_pool_executor::size() const {
    if (state_->process != sys::process_id()) {
        return 0;
    }
    const std::scoped_lock lock(state_->mutex);
    return state_->alive;
}

}  // namespace rondo
