// SPDX-License-Identifier: MIT

// The work of bench/works.toml, with Asio; with Boost.Asio where WITH_BOOST is defined.
#ifdef WITH_BOOST
#include <boost/asio.hpp>
#include <boost/asio/experimental/channel.hpp>
#else
#include <asio.hpp>
#include <asio/experimental/channel.hpp>
#endif

#include "../latencies.hpp"

#include <chrono>
#include <thread>
#include <vector>

namespace {

#ifdef WITH_BOOST
namespace asio = boost::asio;
using boost::system::error_code;
#else
using asio::error_code;
#endif

using asio::awaitable;
using asio::use_awaitable;
using measure::figures;
using measure::stopwatch;
using namespace std::chrono_literals;
using count = std::int64_t;
using channel = asio::experimental::channel<void(error_code, count)>;

asio::io_context context(1);

void rethrow(std::exception_ptr error) {
    if (error) {
        std::rethrow_exception(error);
    }
}

awaitable<count> leaf(count i) {
    asm volatile("" : "+r"(i));
    co_return i;
}

/// There are no handles to be awaited one by one: the last to end wakes who waits for all.
awaitable<void> spawn_all(count n) {
    asio::steady_timer all_ended(context, asio::steady_timer::time_point::max());
    count running = n;
    for (count i = 0; i < n; ++i) {
        asio::co_spawn(context, leaf(i), [&](std::exception_ptr, count) {
            if (--running == 0) {
                all_ended.cancel();
            }
        });
    }
    error_code ignored;
    co_await all_ended.async_wait(asio::redirect_error(use_awaitable, ignored));
}

awaitable<void> spawn_one(count n) {
    for (count i = 0; i < n; ++i) {
        co_await asio::co_spawn(context, leaf(i), use_awaitable);
    }
}

awaitable<void> await_one(count n) {
    for (count i = 0; i < n; ++i) {
        co_await leaf(i);
    }
}

awaitable<void> yields(count n) {
    for (count i = 0; i < n; ++i) {
        co_await asio::post(context, use_awaitable);
    }
}

awaitable<void> sleep_for(std::chrono::nanoseconds delay) {
    asio::steady_timer timer(context, delay);
    co_await timer.async_wait(use_awaitable);
}

awaitable<void> produce(channel& to, count n) {
    for (count i = 0; i < n; ++i) {
        co_await to.async_send(error_code(), i, use_awaitable);
    }
}

awaitable<void> consume(channel& from, count n) {
    for (count i = 0; i < n; ++i) {
        co_await from.async_receive(use_awaitable);
    }
}

awaitable<void> serve(channel& to, channel& from, count n) {
    for (count i = 0; i < n; ++i) {
        co_await to.async_send(error_code(), i, use_awaitable);
        co_await from.async_receive(use_awaitable);
    }
}

awaitable<void> give_back(channel& from, channel& to, count n) {
    for (count i = 0; i < n; ++i) {
        const count ball = co_await from.async_receive(use_awaitable);
        co_await to.async_send(error_code(), ball, use_awaitable);
    }
}

template <class... Coroutines>
figures run_all(count n, Coroutines... all) {
    const stopwatch watch;
    (asio::co_spawn(context, std::move(all), rethrow), ...);
    context.run();
    context.restart();
    return watch.per_item(n);
}

template <awaitable<void> (*body)(count)>
figures once(count n) {
    return run_all(n, body(n));
}

template <awaitable<void> (*body)(count)>
figures again(count n) {
    run_all(n, body(n));
    const count rounds = n < 1'000'000 ? 1'000'000 / n : 1;
    const stopwatch watch;
    for (count i = 0; i < rounds; ++i) {
        run_all(n, body(n));
    }
    return watch.per_item(n * rounds);
}

figures yield_between_two(count n) { return run_all(n, yields(n / 2), yields(n / 2)); }

figures sleepers(count n) {
    measure::random_numbers random;
    const stopwatch watch;
    for (count i = 0; i < n; ++i) {
        asio::co_spawn(context, sleep_for(std::chrono::nanoseconds(random.below(n * 1000))),
                       rethrow);
    }
    context.run();
    context.restart();
    return watch.per_item(n);
}

figures sleepers_warm(count n) {
    sleepers(n);
    const count rounds = n < 1'000'000 ? 1'000'000 / n : 1;
    const stopwatch watch;
    for (count i = 0; i < rounds; ++i) {
        sleepers(n);
    }
    return watch.per_item(n * rounds);
}

/// Cancelled waits end as handlers, which have to be run now and then.
figures arm_and_cancel(count n) {
    const stopwatch watch;
    for (count i = 0; i < n; ++i) {
        asio::steady_timer timer(context, 10s);
        timer.async_wait([](error_code) {});
        timer.cancel();
        if (i % 100 == 99) {
            context.poll();
        }
    }
    return watch.per_item(n);
}

figures timers_among(count others) {
    measure::random_numbers random;
    std::vector<asio::steady_timer> pending;
    pending.reserve(static_cast<std::size_t>(others));
    for (count i = 0; i < others; ++i) {
        pending.emplace_back(context, 20s + std::chrono::nanoseconds(random.below(20'000'000'000)));
        pending.back().async_wait([](error_code) {});
    }
    return arm_and_cancel(300'000);
}

figures bounded_queue(count n) {
    channel items(context, 100);
    return run_all(n, produce(items, n), consume(items, n));
}

figures ping_pong(count n) {
    channel there(context, 1);
    channel back(context, 1);
    return run_all(n, serve(there, back, n), give_back(there, back, n));
}

/// Runs `other` in a thread of its own and the context until it has ended.
template <class F>
figures beside_the_loop(F other) {
    auto keep = asio::make_work_guard(context);
    figures result;
    std::thread thread([&] {
        result = other();
        asio::post(context, [&] { keep.reset(); });
    });
    context.run();
    thread.join();
    return result;
}

figures wake(count n) {
    return beside_the_loop([n] {
        return measure::round_trips(
            n, [](measure::doorbell& bell) { asio::post(context, [&] { bell.ring(); }); });
    });
}

figures post(count n) {
    const stopwatch watch;
    beside_the_loop([n] {
        for (count i = 0; i < n; ++i) {
            asio::post(context, [] {});
        }
        return figures();
    });
    return watch.per_item(n);
}

awaitable<void> visits(asio::thread_pool& pool, count n) {
    for (count i = 0; i < n; ++i) {
        co_await asio::post(pool, use_awaitable);
        co_await asio::post(context, use_awaitable);
    }
}

figures in_threads(count n) {
    asio::thread_pool pool(1);
    return run_all(n, visits(pool, n));
}

figures start(count) { return run_all(1, sleep_for(0s)); }

}  // namespace

int main(int argc, char** argv) {
    return measure::run_named(argc, argv,
                              {{"spawn_all", once<spawn_all>},
                               {"spawn_all_warm", again<spawn_all>},
                               {"spawn_one", once<spawn_one>},
                               {"await", once<await_one>},
                               {"yield", yield_between_two},
                               {"sleepers", sleepers},
                               {"sleepers_warm", sleepers_warm},
                               {"timer", arm_and_cancel},
                               {"timer_among", timers_among},
                               {"queue", bounded_queue},
                               {"ping_pong", ping_pong},
                               {"wake", wake},
                               {"post", post},
                               {"to_thread", in_threads},
                               {"start", start}});
}
