// SPDX-License-Identifier: MIT

// The work of bench/works.toml, with rondo.
#include "../latencies.hpp"
#include <rondo/io/transport.hpp>
#include <rondo/rondo.hpp>

#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using measure::figures;
using measure::stopwatch;
using count = std::int64_t;

coro<count> leaf(count i) {
    asm volatile("" : "+r"(i));
    co_return i;
}

coro<void> spawn_all(count n) {
    std::vector<task<count>> all;
    all.reserve(static_cast<std::size_t>(n));
    for (count i = 0; i < n; ++i) {
        all.push_back(create_task(leaf(i)));
    }
    for (const auto& t : all) {
        co_await t;
    }
}

coro<void> spawn_one(count n) {
    for (count i = 0; i < n; ++i) {
        co_await create_task(leaf(i));
    }
}

coro<void> await_one(count n) {
    for (count i = 0; i < n; ++i) {
        co_await leaf(i);
    }
}

coro<void> yields(count n) {
    for (count i = 0; i < n; ++i) {
        co_await yield_now();
    }
}

coro<void> yield_between_two(count n) {
    const auto a = create_task(yields(n / 2));
    const auto b = create_task(yields(n / 2));
    co_await a;
    co_await b;
}

coro<void> sleep_for(std::chrono::nanoseconds delay) { co_await sleep(delay); }

coro<void> sleep_one(count n) {
    for (count i = 0; i < n; ++i) {
        co_await sleep(0s);
    }
}

/// One falls asleep for every microsecond of the longest sleep.
coro<void> sleepers(count n) {
    measure::random_numbers random;
    std::vector<task<void>> all;
    all.reserve(static_cast<std::size_t>(n));
    for (count i = 0; i < n; ++i) {
        all.push_back(create_task(sleep_for(std::chrono::nanoseconds(random.below(n * 1000)))));
    }
    for (const auto& t : all) {
        co_await t;
    }
}

coro<void> timeouts(count n) {
    for (count i = 0; i < n; ++i) {
        co_await wait_for(leaf(i), 10s);
    }
}

void arm_and_cancel(event_loop& loop, count n) {
    for (count i = 0; i < n; ++i) {
        loop.call_later(10s, [] {}).cancel();
    }
}

coro<void> timers(count n) {
    arm_and_cancel(get_running_loop(), n);
    co_return;
}

coro<void> produce(queue<count>& to, count n) {
    for (count i = 0; i < n; ++i) {
        co_await to.put(i);
    }
}

coro<void> consume(queue<count>& from, count n) {
    for (count i = 0; i < n; ++i) {
        co_await from.get();
    }
}

coro<void> bounded_queue(count n) {
    queue<count> items(100);
    const auto producer = create_task(produce(items, n));
    const auto consumer = create_task(consume(items, n));
    co_await producer;
    co_await consumer;
}

coro<void> serve(queue<count>& to, queue<count>& from, count n) {
    for (count i = 0; i < n; ++i) {
        co_await to.put(i);
        co_await from.get();
    }
}

coro<void> give_back(queue<count>& from, queue<count>& to, count n) {
    for (count i = 0; i < n; ++i) {
        const count ball = co_await from.get();
        co_await to.put(ball);
    }
}

coro<void> ping_pong(count n) {
    queue<count> there(1);
    queue<count> back(1);
    const auto a = create_task(serve(there, back, n));
    const auto b = create_task(give_back(there, back, n));
    co_await a;
    co_await b;
}

coro<void> echo(stream client) {
    for (auto data = co_await client.read(1000); !data.empty(); data = co_await client.read(1000)) {
        client.write(data);
        co_await client.drain();
    }
}

coro<void> echo_lines(stream client) {
    for (auto line = co_await client.readline(); !line.empty(); line = co_await client.readline()) {
        client.write(line);
        co_await client.drain();
    }
}

coro<void> echo_until(stream client) {
    try {
        for (;;) {
            const std::string data = co_await client.readuntil("\n");
            client.write(data);
            co_await client.drain();
        }
    } catch (const incomplete_read_error&) {  // the client is gone
    }
}

coro<void> echo_buffered(stream client) {
    for (bool more = co_await client.fill(); more; more = co_await client.fill()) {
        client.write(client.buffered());
        client.consume(client.buffered().size());
        co_await client.drain();
    }
}

/// Over a layer that does nothing.
coro<void> echo_layered(stream client) {
    return echo(stream(make_box<layered_transport>(std::move(client).detach())));
}

/// Both ends in one loop.
template <coro<void> (*serve)(stream)>
coro<void> echoes(count n) {
    auto server = co_await start_server(serve, "127.0.0.1", 0);
    auto client = co_await open_connection("127.0.0.1", server.port());
    const std::string question = std::string(63, 'x') + "\n";
    for (count i = 0; i < n; ++i) {
        client.write(question);
        co_await client.readexactly(question.size());
    }
    client.close();
    co_await server.shutdown(1s);
}

coro<void> in_threads(count n) {
    for (count i = 0; i < n; ++i) {
        co_await to_thread([] {});
    }
}

/// The figures of body(n), run once.
template <coro<void> (*body)(count)>
figures once(count n) {
    return run(
        [](count items) -> coro<figures> {
            const stopwatch watch;
            co_await body(items);
            co_return watch.per_item(items);
        },
        n);
}

/// The figures of body(n) when its memory is there already: it is run first without a watch, and
/// then as often as a million items take.
template <coro<void> (*body)(count)>
figures again(count n) {
    return run(
        [](count items) -> coro<figures> {
            const count rounds = items < 1'000'000 ? 1'000'000 / items : 1;
            co_await body(items);
            const stopwatch watch;
            for (count i = 0; i < rounds; ++i) {
                co_await body(items);
            }
            co_return watch.per_item(items * rounds);
        },
        n);
}

/// A timer armed and cancelled while n others are pending.
figures timers_among(count n) {
    return run(
        [](count others) -> coro<figures> {
            constexpr count times = 300'000;
            event_loop& loop = get_running_loop();
            measure::random_numbers random;
            std::vector<timer_handle> pending;
            for (count i = 0; i < others; ++i) {
                const auto delay = 20s + std::chrono::nanoseconds(random.below(20'000'000'000));
                pending.push_back(loop.call_later(delay, [] {}));
            }
            const stopwatch watch;
            arm_and_cancel(loop, times);
            const figures each = watch.per_item(times);
            for (auto& timer : pending) {
                timer.cancel();
            }
            co_return each;
        },
        n);
}

/// Runs `other` in a thread of its own until it calls event.set() through the loop.
template <class F>
figures beside_the_loop(F other) {
    return run([&]() -> coro<figures> {
        event done;
        figures result;
        event_loop& loop = get_running_loop();
        std::thread thread([&] {
            result = other(loop);
            loop.call_soon_threadsafe([&] { done.set(); });
        });
        co_await done.wait();
        thread.join();
        co_return result;
    });
}

figures wake(count n) {
    return beside_the_loop([n](event_loop& loop) {
        return measure::round_trips(
            n, [&](measure::doorbell& bell) { loop.call_soon_threadsafe([&] { bell.ring(); }); });
    });
}

figures post(count n) {
    const stopwatch watch;
    beside_the_loop([n](event_loop& loop) {
        for (count i = 0; i < n; ++i) {
            loop.call_soon_threadsafe([] {});
        }
        return figures();
    });
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
                               {"sleep", once<sleep_one>},
                               {"sleepers", once<sleepers>},
                               {"sleepers_warm", again<sleepers>},
                               {"timer", once<timers>},
                               {"timer_among", timers_among},
                               {"timeout", once<timeouts>},
                               {"queue", once<bounded_queue>},
                               {"ping_pong", once<ping_pong>},
                               {"wake", wake},
                               {"post", post},
                               {"to_thread", once<in_threads>},
                               {"echo", once<echoes<echo>>},
                               {"echo_lines", once<echoes<echo_lines>>},
                               {"echo_until", once<echoes<echo_until>>},
                               {"echo_buffered", once<echoes<echo_buffered>>},
                               {"echo_layered", once<echoes<echo_layered>>},
                               {"start", once<sleep_one>}});
}
