// SPDX-License-Identifier: MIT

// The limit: the same work as in core_bench.cpp with nothing but coroutines and a ring.
#include "../peers/raw/coro.hpp"

#include <vector>

#include <benchmark/benchmark.h>

namespace {

raw::coro leaf(std::int64_t i) {
    benchmark::DoNotOptimize(i);
    co_return i;
}

raw::coro yields(std::int64_t times) {
    for (std::int64_t i = 0; i < times; ++i) {
        co_await raw::yield{};
    }
    co_return 0;
}

raw::coro await_one_by_one(std::int64_t n) {
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        sum += co_await leaf(i);
    }
    co_return sum;
}

raw::coro spawn_one_by_one(std::int64_t n) {
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        auto task = leaf(i).spawn();
        sum += co_await task;
    }
    co_return sum;
}

raw::coro spawn_all(std::int64_t n) {
    std::vector<raw::coro> all;
    all.reserve(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) {
        all.push_back(leaf(i).spawn());
    }
    std::int64_t sum = 0;
    for (auto& task : all) {
        sum += co_await task;
    }
    co_return sum;
}

raw::coro yield_between(std::int64_t tasks, std::int64_t each) {
    std::vector<raw::coro> all;
    for (std::int64_t i = 0; i < tasks; ++i) {
        all.push_back(yields(each).spawn());
    }
    for (auto& task : all) {
        co_await task;
    }
    co_return 0;
}

template <class F>
void in_ring(benchmark::State& state, std::int64_t batch, F body) {
    for (auto _ : state) {
        const auto root = body().spawn();
        raw::ready.run();
    }
    state.SetItemsProcessed(state.iterations() * batch);
    state.counters["ns"] =
        benchmark::Counter(static_cast<double>(state.iterations() * batch) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void raw_direct_await(benchmark::State& state) {
    in_ring(state, 100'000, [] { return await_one_by_one(100'000); });
}
BENCHMARK(raw_direct_await);

void raw_spawn_and_await(benchmark::State& state) {
    in_ring(state, 100'000, [] { return spawn_one_by_one(100'000); });
}
BENCHMARK(raw_spawn_and_await);

void raw_yield_between_two(benchmark::State& state) {
    in_ring(state, 200'000, [] { return yield_between(2, 100'000); });
}
BENCHMARK(raw_yield_between_two);

void raw_resume_100000_cold(benchmark::State& state) {
    in_ring(state, 1'000'000, [] { return yield_between(100'000, 10); });
}
BENCHMARK(raw_resume_100000_cold);

void raw_spawn_all_then_await_all(benchmark::State& state) {
    in_ring(state, 100'000, [] { return spawn_all(100'000); });
}
BENCHMARK(raw_spawn_all_then_await_all);

}  // namespace
