// SPDX-License-Identifier: MIT

// What the core's basic operations cost. Each benchmark runs its operations inside one loop, so
// that the figure is that of the operation and not of starting a loop.
#include <rondo/rondo.hpp>

#include <vector>

#include <benchmark/benchmark.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;

coro<int> leaf(int i) {
    benchmark::DoNotOptimize(i);
    co_return i;
}

coro<void> yields(std::int64_t times) {
    for (std::int64_t i = 0; i < times; ++i) {
        co_await yield_now();
    }
}

/// Runs body(batch) again and again inside a loop; an item is one of `batch` operations.
template <class F>
void in_loop(benchmark::State& state, std::int64_t batch, F body) {
    run([&]() -> coro<void> {
        for (auto _ : state) {
            co_await body(batch);
        }
    });
    state.SetItemsProcessed(state.iterations() * batch);
    state.counters["ns"] =
        benchmark::Counter(static_cast<double>(state.iterations() * batch) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void direct_await(benchmark::State& state) {
    in_loop(state, 100'000, [](std::int64_t n) -> coro<void> {
        long sum = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            sum += co_await leaf(static_cast<int>(i));
        }
        benchmark::DoNotOptimize(sum);
    });
}
BENCHMARK(direct_await);

void spawn_and_await(benchmark::State& state) {
    in_loop(state, 100'000, [](std::int64_t n) -> coro<void> {
        long sum = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            sum += co_await create_task(leaf(static_cast<int>(i)));
        }
        benchmark::DoNotOptimize(sum);
    });
}
BENCHMARK(spawn_and_await);

void yield_between_two(benchmark::State& state) {
    in_loop(state, 200'000, [](std::int64_t n) -> coro<void> {
        const auto a = create_task(yields(n / 2));
        const auto b = create_task(yields(n / 2));
        co_await a;
        co_await b;
    });
}
BENCHMARK(yield_between_two);

/// Resuming tasks that are no longer in the cache: each pass goes through 100,000 of them.
void resume_100000_cold(benchmark::State& state) {
    constexpr std::int64_t tasks = 100'000;
    constexpr std::int64_t passes = 10;
    in_loop(state, tasks * passes, [](std::int64_t) -> coro<void> {
        std::vector<task<void>> all;
        for (std::int64_t i = 0; i < tasks; ++i) {
            all.push_back(create_task(yields(passes)));
        }
        for (const auto& t : all) {
            co_await t;
        }
    });
}
BENCHMARK(resume_100000_cold);

void spawn_all_then_await_all(benchmark::State& state) {
    in_loop(state, 100'000, [](std::int64_t n) -> coro<void> {
        std::vector<task<int>> all;
        all.reserve(static_cast<std::size_t>(n));
        for (std::int64_t i = 0; i < n; ++i) {
            all.push_back(create_task(leaf(static_cast<int>(i))));
        }
        for (const auto& t : all) {
            benchmark::DoNotOptimize(co_await t);
        }
    });
}
BENCHMARK(spawn_all_then_await_all);

void sleep_of_0(benchmark::State& state) {
    in_loop(state, 100'000, [](std::int64_t n) -> coro<void> {
        for (std::int64_t i = 0; i < n; ++i) {
            co_await sleep(0s);
        }
    });
}
BENCHMARK(sleep_of_0);

void timer_create_and_cancel(benchmark::State& state) {
    in_loop(state, 10'000, [](std::int64_t n) -> coro<void> {
        event_loop& loop = get_running_loop();
        for (std::int64_t i = 0; i < n; ++i) {
            loop.call_later(10s, [] {}).cancel();
        }
        co_return;
    });
}
BENCHMARK(timer_create_and_cancel);

void wait_for_that_does_not_fire(benchmark::State& state) {
    in_loop(state, 10'000, [](std::int64_t n) -> coro<void> {
        for (std::int64_t i = 0; i < n; ++i) {
            benchmark::DoNotOptimize(co_await wait_for(leaf(1), 10s));
        }
    });
}
BENCHMARK(wait_for_that_does_not_fire);

void future_round_trip(benchmark::State& state) {
    in_loop(state, 10'000, [](std::int64_t n) -> coro<void> {
        event_loop& loop = get_running_loop();
        for (std::int64_t i = 0; i < n; ++i) {
            const auto f = loop.create_future<int>();
            loop.call_soon([f] { f.set_result(1); });
            benchmark::DoNotOptimize(co_await f);
        }
    });
}
BENCHMARK(future_round_trip);

void gather_of_10(benchmark::State& state) {
    in_loop(state, 10'000, [](std::int64_t n) -> coro<void> {
        for (std::int64_t i = 0; i < n; i += 10) {
            std::vector<coro<int>> ten;
            for (int k = 0; k < 10; ++k) {
                ten.push_back(leaf(k));
            }
            benchmark::DoNotOptimize(co_await gather(ten));
        }
    });
}
BENCHMARK(gather_of_10);

void throw_through_one_await(benchmark::State& state) {
    const auto thrower = []() -> coro<int> {
        throw 1;
        co_return 0;
    };
    in_loop(state, 1'000, [&](std::int64_t n) -> coro<void> {
        for (std::int64_t i = 0; i < n; ++i) {
            try {
                co_await thrower();
            } catch (int) {
            }
        }
    });
}
BENCHMARK(throw_through_one_await);

}  // namespace

BENCHMARK_MAIN();
