// SPDX-License-Identifier: MIT

// The work of bench/works.toml, by hand: the limit.
#include "../latencies.hpp"
#include "coro.hpp"
#include "queue.hpp"
#include "threads.hpp"
#include "timers.hpp"

#include <thread>
#include <vector>

namespace {

using measure::figures;
using measure::stopwatch;
using raw::coro;
using count = std::int64_t;

coro leaf(count i) {
    asm volatile("" : "+r"(i));
    co_return i;
}

coro spawn_all(count n) {
    std::vector<coro> all;
    all.reserve(static_cast<std::size_t>(n));
    for (count i = 0; i < n; ++i) {
        all.push_back(leaf(i).spawn());
    }
    for (auto& task : all) {
        co_await task;
    }
    co_return 0;
}

coro spawn_one(count n) {
    for (count i = 0; i < n; ++i) {
        auto task = leaf(i).spawn();
        co_await task;
    }
    co_return 0;
}

coro await_one(count n) {
    for (count i = 0; i < n; ++i) {
        co_await leaf(i);
    }
    co_return 0;
}

coro yields(count n) {
    for (count i = 0; i < n; ++i) {
        co_await raw::yield{};
    }
    co_return 0;
}

coro yield_between_two(count n) {
    auto a = yields(n / 2).spawn();
    auto b = yields(n / 2).spawn();
    co_await a;
    co_await b;
    co_return 0;
}

coro sleep_for(count ns) {
    co_await raw::sleep(ns);
    co_return 0;
}

coro sleepers(count n) {
    measure::random_numbers random;
    std::vector<coro> all;
    all.reserve(static_cast<std::size_t>(n));
    for (count i = 0; i < n; ++i) {
        all.push_back(sleep_for(random.below(n * 1000)).spawn());
    }
    for (auto& task : all) {
        co_await task;
    }
    co_return 0;
}

void arm_and_cancel(count n) {
    for (count i = 0; i < n; ++i) {
        raw::timer t{.when = measure::now_ns() + 10'000'000'000, .wakes = {}};
        raw::timers.add(t);
        raw::timers.remove(t);
    }
}

coro timers(count n) {
    arm_and_cancel(n);
    co_return 0;
}

coro timeouts(count n) {
    for (count i = 0; i < n; ++i) {
        raw::timer t{.when = measure::now_ns() + 10'000'000'000, .wakes = {}};
        raw::timers.add(t);
        co_await leaf(i);
        raw::timers.remove(t);
    }
    co_return 0;
}

coro produce(raw::queue<100>& to, count n) {
    for (count i = 0; i < n; ++i) {
        co_await to.put(i);
    }
    co_return 0;
}

coro consume(raw::queue<100>& from, count n) {
    for (count i = 0; i < n; ++i) {
        co_await from.get();
    }
    co_return 0;
}

coro bounded_queue(count n) {
    raw::queue<100> items;
    auto producer = produce(items, n).spawn();
    auto consumer = consume(items, n).spawn();
    co_await producer;
    co_await consumer;
    co_return 0;
}

coro serve(raw::queue<1>& to, raw::queue<1>& from, count n) {
    for (count i = 0; i < n; ++i) {
        co_await to.put(i);
        co_await from.get();
    }
    co_return 0;
}

coro give_back(raw::queue<1>& from, raw::queue<1>& to, count n) {
    for (count i = 0; i < n; ++i) {
        const count ball = co_await from.get();
        co_await to.put(ball);
    }
    co_return 0;
}

coro ping_pong(count n) {
    raw::queue<1> there;
    raw::queue<1> back;
    auto a = serve(there, back, n).spawn();
    auto b = give_back(there, back, n).spawn();
    co_await a;
    co_await b;
    co_return 0;
}

template <coro (*body)(count)>
figures once(count n) {
    const stopwatch watch;
    const auto root = body(n).spawn();
    raw::run_with_timers();
    return watch.per_item(n);
}

template <coro (*body)(count)>
figures again(count n) {
    once<body>(n);
    const count rounds = n < 1'000'000 ? 1'000'000 / n : 1;
    const stopwatch watch;
    for (count i = 0; i < rounds; ++i) {
        once<body>(n);
    }
    return watch.per_item(n * rounds);
}

figures timers_among(count others) {
    constexpr count times = 300'000;
    measure::random_numbers random;
    std::vector<raw::timer> pending(static_cast<std::size_t>(others));
    for (auto& t : pending) {
        t.when = measure::now_ns() + 20'000'000'000 + random.below(20'000'000'000);
        raw::timers.add(t);
    }
    const stopwatch watch;
    arm_and_cancel(times);
    return watch.per_item(times);
}

struct bell_message : raw::message {
    measure::doorbell* bell = nullptr;
};

struct last_message : raw::message {
    bool arrived = false;
};

void mark_arrived(raw::message* m) { static_cast<last_message*>(m)->arrived = true; }

/// Runs `other` in a thread of its own, which then sends the last message.
template <class F>
figures beside_the_loop(F other) {
    raw::inbox inbox;
    last_message last;
    last.run = mark_arrived;
    figures result;
    std::thread thread([&] {
        result = other(inbox);
        inbox.post(last);
    });
    inbox.run_until(last.arrived);
    thread.join();
    return result;
}

figures wake(count n) {
    return beside_the_loop([n](raw::inbox& inbox) {
        bell_message call;
        call.run = [](raw::message* m) { static_cast<bell_message*>(m)->bell->ring(); };
        return measure::round_trips(n, [&](measure::doorbell& bell) {
            call.bell = &bell;
            inbox.post(call);
        });
    });
}

figures post(count n) {
    const stopwatch watch;
    beside_the_loop([n](raw::inbox& inbox) {
        for (count i = 0; i < n; ++i) {
            auto* sent = new raw::message;
            sent->run = [](raw::message* m) { delete m; };
            inbox.post(*sent);
        }
        return figures();
    });
    return watch.per_item(n);
}

coro visits(raw::worker& worker, raw::inbox& inbox, count n, bool& done) {
    for (count i = 0; i < n; ++i) {
        co_await raw::visit(worker, inbox);
    }
    done = true;
    co_return 0;
}

figures in_threads(count n) {
    raw::worker worker;
    raw::inbox inbox;
    bool done = false;
    const stopwatch watch;
    const auto root = visits(worker, inbox, n, done).spawn();
    raw::ready.run();
    inbox.run_until(done);
    return watch.per_item(n);
}

}  // namespace

int main(int argc, char** argv) {
    return measure::run_named(argc, argv,
                              {{"spawn_all", once<spawn_all>},
                               {"spawn_all_warm", again<spawn_all>},
                               {"spawn_one", once<spawn_one>},
                               {"await", once<await_one>},
                               {"yield", once<yield_between_two>},
                               {"sleepers", once<sleepers>},
                               {"sleepers_warm", again<sleepers>},
                               {"timer", once<timers>},
                               {"timer_among", timers_among},
                               {"timeout", once<timeouts>},
                               {"queue", once<bounded_queue>},
                               {"ping_pong", once<ping_pong>},
                               {"wake", wake},
                               {"post", post},
                               {"to_thread", in_threads},
                               {"start", once<sleep_for>}});
}
