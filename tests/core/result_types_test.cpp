// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <ratio>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// Counts how often it is copied, and cannot be found by its operator&.
struct counted {
    explicit counted(int n) : number(n) {}
    counted(const counted& other) : number(other.number), self(this) { ++copies; }
    counted(counted&& other) noexcept : number(other.number), self(this) {}
    counted& operator=(const counted&) = delete;
    long* operator&() { return nullptr; }
    bool is_whole() const { return number == 7 && self == this; }

    static inline int copies = 0;
    long number;
    const void* self = this;
};

coro<counted> make_counted() { co_return counted(7); }
coro<std::unique_ptr<int>> make_unique_one() { co_return std::make_unique<int>(7); }
coro<const std::unique_ptr<int>> make_const_one() { co_return std::make_unique<int>(7); }

int global = 7;
coro<int&> make_reference() { co_return global; }

/// Calls way(coroutine), one of the ways to get a result, for each kind of result.
template <class Way>
void expect_moved(Way way) {
    counted::copies = 0;
    const counted got = way(make_counted);
    EXPECT_TRUE(got.is_whole());
    EXPECT_EQ(counted::copies, 0);
    EXPECT_EQ(*way(make_unique_one), 7);
    static_assert(std::is_same_v<decltype(way(make_reference)), int&>);
    EXPECT_EQ(std::addressof(way(make_reference)), &global);
}

}  // namespace

TEST(result_types, run_moves_results) {
    expect_moved([](auto make) -> decltype(auto) { return run(make()); });
    expect_moved([](auto make) -> decltype(auto) { return run(make); });
}

TEST(result_types, that_are_const_are_moved_out_as_well) {
    EXPECT_EQ(*run(make_const_one()), 7);
    rondo::testing::run([]() -> coro<void> {
        EXPECT_EQ(*co_await create_task(make_const_one()), 7);
        EXPECT_EQ(*co_await make_const_one(), 7);
    }());
}

TEST(result_types, runners_move_results) {
    runner with;
    expect_moved([&](auto make) -> decltype(auto) { return with.run(make()); });
}

TEST(result_types, run_until_complete_moves_results_that_nobody_else_holds) {
    event_loop loop;
    expect_moved([&](auto make) -> decltype(auto) { return loop.run_until_complete(make()); });
    expect_moved([&](auto make) -> decltype(auto) {
        return loop.run_until_complete(loop.create_task(make()));
    });
    const task<std::vector<int>> kept =
        loop.create_task([]() -> coro<std::vector<int>> { co_return std::vector<int>{1, 2}; }());
    EXPECT_EQ(loop.run_until_complete(kept).size(), 2U);
    EXPECT_EQ(kept.result().size(), 2U);
}

TEST(result_types, awaits_move_results) {
    rondo::testing::run([]() -> coro<void> {
        counted::copies = 0;
        EXPECT_TRUE((co_await make_counted()).is_whole());
        EXPECT_TRUE((co_await create_task(make_counted())).is_whole());
        EXPECT_TRUE((co_await wait_for(make_counted(), 1s)).is_whole());
        EXPECT_TRUE((co_await shield(make_counted())).is_whole());
        EXPECT_EQ(counted::copies, 0);
    }());
}

TEST(result_types, results_from_threads_are_moved) {
    rondo::testing::run([]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const auto in_a_thread = [&] {
            counted::copies = 0;
            EXPECT_TRUE(run_coroutine_threadsafe(make_counted(), loop).get().is_whole());
            EXPECT_TRUE(from_thread::run(make_counted).is_whole());
            EXPECT_EQ(counted::copies, 0);
            EXPECT_EQ(*from_thread::run(make_unique_one), 7);
            static_assert(std::is_same_v<decltype(from_thread::run(make_reference)), int&>);
        };
        co_await to_thread(in_a_thread);
    }());
}

TEST(result_types, items_of_queues_may_have_an_address_operator) {
    rondo::testing::run([]() -> coro<void> {
        queue<counted> q(1);
        const auto puts = [&]() -> coro<void> {
            for (int i = 0; i < 20; ++i) {
                co_await q.put(counted(7));
            }
        };
        const auto t = create_task(puts());
        for (int i = 0; i < 20; ++i) {
            EXPECT_TRUE((co_await q.get()).is_whole());
        }
        co_await t;
        threadsafe_queue<counted> other;
        other.put_nowait(counted(7));
        EXPECT_TRUE(other.get_nowait().is_whole());
    }());
}

TEST(map_concurrent, copies_what_a_range_of_proxies_stands_for) {
    rondo::testing::run([]() -> coro<void> {
        std::vector<bool> flags{true, true};
        const auto as_int = [](bool b) -> coro<int> {
            co_await yield_now();
            co_return b;
        };
        auto later = map_concurrent(flags, as_int, 1);
        flags[0] = flags[1] = false;
        const std::vector<int> got = co_await std::move(later);
        EXPECT_EQ(got, (std::vector<int>{1, 1}));
    }());
}

TEST(durations, of_any_period_become_exact_nanoseconds) {
    using std::chrono::duration;
    using samples = duration<std::int64_t, std::ratio<1, 44100>>;
    using third = duration<std::int64_t, std::ratio<1, 3>>;
    using years = duration<std::int64_t, std::ratio<31'556'952>>;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(detail::to_nanoseconds(samples(44100LL * 86400 * 365)), 24h * 365);
    EXPECT_EQ(detail::to_nanoseconds(samples(-44100LL * 86400 * 365)), -24h * 365);
    EXPECT_EQ(detail::to_nanoseconds(third(most)), nanoseconds::max());
    EXPECT_EQ(detail::to_nanoseconds(third(3'000'000'000)), 1'000'000'000s);
    EXPECT_EQ(detail::to_nanoseconds(years(300)), nanoseconds::max());
    EXPECT_EQ(detail::to_nanoseconds(years(-300)), nanoseconds::min());
    EXPECT_EQ(detail::to_nanoseconds(duration<std::uint64_t>(~0ULL)), nanoseconds::max());
    EXPECT_EQ(detail::to_nanoseconds(duration<std::int64_t, std::pico>(2'500)), 2ns);
    EXPECT_EQ(detail::to_nanoseconds(duration<double>(1e300)), nanoseconds::max());
}
