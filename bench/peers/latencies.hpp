// SPDX-License-Identifier: MIT
#pragma once

#include "measure.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <semaphore.h>

namespace measure {

/// Lets one thread sleep until another posts.
class doorbell {
public:
    doorbell() { sem_init(&bell_, 0, 0); }
    doorbell(const doorbell&) = delete;
    doorbell& operator=(const doorbell&) = delete;
    ~doorbell() { sem_destroy(&bell_); }
    void ring() noexcept { sem_post(&bell_); }
    void wait() noexcept { sem_wait(&bell_); }

private:
    sem_t bell_;
};

/// Calls `send(bell)` n times and waits each time until somebody rang. Its wall time is the median.
template <class Send>
figures round_trips(std::int64_t n, Send send) {
    doorbell bell;
    std::vector<std::int64_t> took(static_cast<std::size_t>(n));
    const stopwatch watch;
    for (auto& one : took) {
        const std::int64_t began = now_ns();
        send(bell);
        bell.wait();
        one = now_ns() - began;
    }
    figures all = watch.per_item(n);
    const auto middle = took.begin() + static_cast<std::ptrdiff_t>(n / 2);
    std::nth_element(took.begin(), middle, took.end());
    all.wall = static_cast<double>(*middle);
    return all;
}

}  // namespace measure
