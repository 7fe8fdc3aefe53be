// SPDX-License-Identifier: MIT
#pragma once

#include "../measure.hpp"
#include "coro.hpp"

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <vector>

#include <time.h>

namespace raw {

struct timer {
    std::int64_t when = 0;
    std::coroutine_handle<> wakes;
    std::size_t place = 0;
};

/// A heap with four children a node; each timer knows its place, so that it can be taken out.
class timer_heap {
public:
    bool empty() const noexcept { return nodes_.empty(); }
    std::int64_t next() const noexcept { return nodes_.front().when; }
    void add(timer& t) {
        nodes_.emplace_back();
        rise(nodes_.size() - 1, {t.when, &t});
    }
    void remove(const timer& t) {
        const std::size_t hole = t.place;
        const node last = nodes_.back();
        nodes_.pop_back();
        if (hole == nodes_.size()) {
            return;
        }
        if (hole > 0 && nodes_[(hole - 1) / 4].when > last.when) {
            rise(hole, last);
        } else {
            sink(hole, last);
        }
    }
    void expire(std::int64_t now) {
        while (!empty() && next() <= now) {
            timer& t = *nodes_.front().who;
            remove(t);
            ready.push(t.wakes);
        }
    }

private:
    struct node {
        std::int64_t when = 0;
        timer* who = nullptr;
    };

    void put(std::size_t place, node n) {
        nodes_[place] = n;
        n.who->place = place;
    }
    void rise(std::size_t place, node n) {
        while (place > 0 && nodes_[(place - 1) / 4].when > n.when) {
            const std::size_t above = (place - 1) / 4;
            put(place, nodes_[above]);
            place = above;
        }
        put(place, n);
    }
    void sink(std::size_t place, node n) {
        for (std::size_t first = place * 4 + 1; first < nodes_.size(); first = place * 4 + 1) {
            const auto begin = nodes_.begin() + static_cast<std::ptrdiff_t>(first);
            const auto children = std::min<std::size_t>(4, nodes_.size() - first);
            const auto least =
                std::min_element(begin, begin + static_cast<std::ptrdiff_t>(children),
                                 [](node a, node b) { return a.when < b.when; });
            if (least->when >= n.when) {
                break;
            }
            const auto below = static_cast<std::size_t>(least - nodes_.begin());
            put(place, *least);
            place = below;
        }
        put(place, n);
    }

    std::vector<node> nodes_;
};

inline timer_heap timers;

class sleep {
public:
    explicit sleep(std::int64_t ns) : timer_{.when = measure::now_ns() + ns, .wakes = {}} {}
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
        timer_.wakes = h;
        timers.add(timer_);
    }
    static void await_resume() noexcept {}

private:
    timer timer_;
};

/// Runs until nothing is ready and nobody sleeps.
inline void run_with_timers() {
    for (ready.run(); !timers.empty(); ready.run()) {
        const std::int64_t now = measure::now_ns();
        if (const std::int64_t wait = timers.next() - now; wait > 0) {
            const timespec pause{.tv_sec = wait / 1'000'000'000, .tv_nsec = wait % 1'000'000'000};
            nanosleep(&pause, nullptr);
        }
        timers.expire(measure::now_ns());
    }
}

}  // namespace raw
