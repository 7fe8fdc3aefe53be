// SPDX-License-Identifier: MIT
#pragma once

#include "coro.hpp"

#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace raw {

struct message {
    message* next = nullptr;
    void (*run)(message*) = nullptr;
};

/// What other threads send to the loop. Only who finds it empty pays for a system call.
class inbox {
public:
    inbox() {
        epoll_event event{.events = EPOLLIN | EPOLLET, .data = {}};
        epoll_ctl(epoll_, EPOLL_CTL_ADD, event_, &event);
    }
    inbox(const inbox&) = delete;
    inbox& operator=(const inbox&) = delete;
    ~inbox() {
        close(event_);
        close(epoll_);
    }

    void post(message& m) {
        message* before = head_.load(std::memory_order_relaxed);
        do {
            m.next = before;
        } while (!head_.compare_exchange_weak(before, &m, std::memory_order_release,
                                              std::memory_order_relaxed));
        if (before == nullptr) {
            eventfd_write(event_, 1);
        }
    }
    /// Runs the ring and what is sent, and sleeps in between, until `*done`.
    void run_until(const bool& done) {
        while (!done) {
            if (message* all = head_.exchange(nullptr, std::memory_order_acquire)) {
                run_in_order(all);
            } else {
                epoll_event event;
                epoll_wait(epoll_, &event, 1, -1);
            }
            ready.run();
        }
    }

private:
    static void run_in_order(message* last) {
        message* first = nullptr;
        while (last != nullptr) {
            message* const before = std::exchange(last->next, first);
            first = std::exchange(last, before);
        }
        while (first != nullptr) {
            message* const now = std::exchange(first, first->next);
            now->run(now);
        }
    }

    std::atomic<message*> head_ = nullptr;
    int epoll_ = epoll_create1(EPOLL_CLOEXEC);
    int event_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
};

/// One thread that does one thing at a time.
class worker {
public:
    worker() : thread_([this] { serve(); }) {}
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker() {
        submit(nullptr);
        thread_.join();
    }
    void submit(message* job) {
        {
            const std::lock_guard lock(mutex_);
            job_ = job;
            given_ = true;
        }
        changed_.notify_one();
    }

private:
    void serve() {
        for (std::unique_lock lock(mutex_);;) {
            changed_.wait(lock, [this] { return given_; });
            given_ = false;
            message* const job = job_;
            if (job == nullptr) {
                return;
            }
            lock.unlock();
            job->run(job);
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    message* job_ = nullptr;
    bool given_ = false;
    std::thread thread_;
};

/// Awaiting it is a trip to the worker and back.
class visit : private message {
public:
    visit(worker& to, inbox& home) noexcept : to_(&to), home_(&home) {}
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
        handle_ = h;
        run = [](message* m) {
            m->run = [](message* back) { ready.push(static_cast<visit*>(back)->handle_); };
            static_cast<visit*>(m)->home_->post(*m);
        };
        to_->submit(this);
    }
    static void await_resume() noexcept {}

private:
    worker* to_;
    inbox* home_;
    std::coroutine_handle<> handle_;
};

}  // namespace raw
