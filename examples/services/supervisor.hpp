// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <utility>

struct restart_limit {
    std::size_t restarts = 3;                  // at most so many …
    std::chrono::milliseconds within{10'000};  // … in that time
    std::chrono::milliseconds pause{100};      // before each
};

/// Keeps a service running: one that fails is started again after a pause. One that fails too often
/// is given up, and its last error is thrown. Ends when the service returns, or is cancelled.
///
/// `service` is a coroutine function, called once for each start; `failed` hears of each error that
/// the service is started again for.
template <class Service, class Failed>
rondo::coro<void> supervise(Service service, restart_limit limit, Failed failed) {
    auto& loop = rondo::get_running_loop();
    std::deque<rondo::time_point> restarts;
    for (;;) {
        std::exception_ptr error;
        try {
            co_await service();
            co_return;
        } catch (const std::exception&) {  // a cancellation is none, and goes through
            error = std::current_exception();
        }
        const rondo::time_point now = loop.time();
        while (!restarts.empty() && restarts.front() + limit.within <= now) {
            restarts.pop_front();
        }
        if (restarts.size() == limit.restarts) {
            std::rethrow_exception(error);
        }
        restarts.push_back(now);
        failed(error);
        co_await rondo::sleep(limit.pause);
    }
}
