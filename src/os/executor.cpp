// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/os/executor.hpp>

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
struct thread_pool_executor::state {
    explicit state(int size) : most(size) {}

    std::mutex mutex;
    std::condition_variable changed;  // there is work, or the end has come
    std::condition_variable ended;    // no thread is left
    std::deque<unique_function<void()>> queue;
    std::vector<std::thread> threads;  // not joined yet
    const int most;
    int alive = 0;
    int idle = 0;  // threads that wait for `changed`
    bool closing = false;
    std::vector<unique_function<void()>> then;  // called when no thread is left

    void serve() {
        std::unique_lock lock(mutex);
        while (auto work = next(lock)) {
            lock.unlock();
            work();
            work.reset();
            lock.lock();
        }
        --alive;
        tell_end(lock);
    }

    /// The next work; none when the end has come.
    unique_function<void()> next(std::unique_lock<std::mutex>& lock) {
        ++idle;
        changed.wait(lock, [this] { return closing || !queue.empty(); });
        --idle;
        unique_function<void()> work;
        if (!queue.empty()) {
            work = std::move(queue.front());
            queue.pop_front();
        }
        return work;
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
        changed.notify_all();
    }
};

int thread_pool_executor::default_size() noexcept {
    return std::min(32, static_cast<int>(std::thread::hardware_concurrency()) + 4);
}

thread_pool_executor::thread_pool_executor(int most) {
    if (most < 1) {
        throw std::invalid_argument("thread_pool_executor: it needs at least one thread");
    }
    state_ = std::make_shared<state>(most);
}

thread_pool_executor::~thread_pool_executor() { shutdown(); }

void thread_pool_executor::submit(unique_function<void()> work) {
    const std::scoped_lock lock(state_->mutex);
    if (state_->closing) {
        throw std::runtime_error("thread_pool_executor::submit: the pool was shut down");
    }
    state_->queue.push_back(std::move(work));
    if (state_->queue.size() <= static_cast<std::size_t>(state_->idle) ||
        state_->alive == state_->most) {
        state_->changed.notify_one();
        return;
    }
    try {
        state_->threads.emplace_back([s = state_] { s->serve(); });
        ++state_->alive;
    } catch (...) {
        if (state_->alive > 0) {
            return;  // those who are there will come to it
        }
        state_->queue.pop_back();
        throw;
    }
}

void thread_pool_executor::shutdown() {
    std::vector<std::thread> threads;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->begin_end();
        threads.swap(state_->threads);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

bool thread_pool_executor::shutdown_within(nanoseconds limit) {
    // A wait_for with the largest duration would overflow.
    limit = std::min<nanoseconds>(limit, std::chrono::hours(24 * 365));
    bool all_gone = false;
    {
        std::unique_lock lock(state_->mutex);
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
    const std::scoped_lock lock(state_->mutex);
    state_->begin_end();
    for (std::thread& thread : state_->threads) {
        thread.detach();
    }
    state_->threads.clear();
}

void thread_pool_executor::shutdown_then(unique_function<void()> then) {
    std::unique_lock lock(state_->mutex);
    state_->then.push_back(std::move(then));
    state_->begin_end();
    state_->tell_end(lock);
}

int thread_pool_executor::size() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->alive;
}

}  // namespace rondo
