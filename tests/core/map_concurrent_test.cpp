// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;

/// Sleeps as many seconds as the item says, and counts how many do so at a time.
struct counted_sleep {
    int running = 0;
    int most = 0;
    std::vector<int> begun;
    std::vector<int> ended;

    coro<int> operator()(int seconds) {
        begun.push_back(seconds);
        most = std::max(most, ++running);
        auto slept = co_await as_outcome(sleep(std::chrono::seconds(seconds)));
        --running;
        slept.value();
        ended.push_back(seconds);
        co_return seconds * 10;
    }
};

coro<void> forever() { co_await sleep_forever(); }

coro<double> seconds_for(coro<void> body) {
    const time_point start = loop_clock::now();
    co_await std::move(body);
    co_return std::chrono::duration<double>(loop_clock::now() - start).count();
}

// ---- results

coro<void> in_order() {
    counted_sleep work;
    std::vector items{3, 1, 2};
    EXPECT_THAT(co_await map_concurrent(items, work, 3), ElementsAre(30, 10, 20));
    EXPECT_THAT(work.ended, ElementsAre(1, 2, 3));
    EXPECT_THAT(items, ElementsAre(3, 1, 2));
}

TEST(map_concurrent, gives_results_in_the_order_of_the_items_whoever_ends_first) {
    rondo::testing::run(in_order());
}

coro<void> empty_range() {
    counted_sleep work;
    bool somebody_ran = false;
    get_running_loop().call_soon([&] { somebody_ran = true; });
    const std::vector<int> none;
    EXPECT_THAT(co_await map_concurrent(none, work, 1), IsEmpty());
    EXPECT_THAT(work.begun, IsEmpty());
    EXPECT_FALSE(somebody_ran) << "it yielded for nothing";
    co_await yield_now();
    EXPECT_TRUE(somebody_ran);
}

TEST(map_concurrent, of_an_empty_range_is_empty_at_once) { rondo::testing::run(empty_range()); }

coro<void> kinds_of_results() {
    const auto nothing = [](int) -> coro<void> { co_await yield_now(); };
    const std::list items{1, 2, 3};
    std::vector<std::monostate> done = co_await map_concurrent(items, nothing, 2);
    EXPECT_THAT(done, SizeIs(3));

    const auto box = [](int n) -> coro<std::unique_ptr<int>> {
        co_await yield_now();
        co_return std::make_unique<int>(n);
    };
    auto boxes = co_await map_concurrent(items, box, 2);
    EXPECT_EQ(*boxes.at(2), 3);
}

TEST(map_concurrent, gives_results_of_any_kind) { rondo::testing::run(kinds_of_results()); }

coro<void> owned_items() {
    std::vector<std::string> words{"a word that is long enough to have memory of its own", "two"};
    const auto length = [](const std::string& word) -> coro<std::size_t> {
        co_await sleep(1s);
        co_return word.size();
    };
    auto lengths = map_concurrent(words, length, 1);
    words.clear();
    EXPECT_THAT(co_await lengths, ElementsAre(52u, 3u));
}

TEST(map_concurrent, keeps_the_items_until_the_end) { rondo::testing::run(owned_items()); }

// ---- the limit

coro<void> two_at_a_time() {
    counted_sleep work;
    const std::vector items{4, 1, 2, 2};
    double took =
        co_await seconds_for([&]() -> coro<void> { co_await map_concurrent(items, work, 2); }());
    EXPECT_EQ(work.most, 2);
    EXPECT_THAT(work.begun, ElementsAre(4, 1, 2, 2));
    EXPECT_EQ(took, 5.0) << "the next one begins as soon as one has ended";
}

coro<void> one_at_a_time() {
    counted_sleep work;
    const std::vector items{2, 1};
    co_await map_concurrent(items, work, 1);
    EXPECT_EQ(work.most, 1);
    EXPECT_THAT(work.ended, ElementsAre(2, 1));
}

coro<void> more_than_there_are() {
    counted_sleep work;
    const std::vector items{2, 1};
    co_await map_concurrent(items, work, 1'000'000);
    EXPECT_EQ(work.most, 2);
}

TEST(map_concurrent, runs_no_more_than_the_limit_at_a_time) {
    rondo::testing::run(two_at_a_time());
    rondo::testing::run(one_at_a_time());
    rondo::testing::run(more_than_there_are());
}

TEST(map_concurrent, refuses_a_limit_below_one_before_anything_runs) {
    counted_sleep work;
    const std::vector items{1};
    for (int limit : {0, -1}) {
        EXPECT_THAT([&] { std::ignore = map_concurrent(items, work, limit); },
                    ThrowsMessage<std::invalid_argument>(
                        HasSubstr("map_concurrent: a limit of " + std::to_string(limit) +
                                  " would never run anything; it must be at least 1")));
    }
    EXPECT_THAT(work.begun, IsEmpty());
}

// ---- errors

coro<void> the_second_fails(std::vector<std::string>& said) {
    const auto work = [&](int n) -> coro<int> {
        said.push_back("begins " + std::to_string(n));
        if (n == 2) {
            co_await sleep(1s);
            throw std::runtime_error("2 failed");
        }
        co_await finally_(forever(), [&]() -> coro<void> {
            co_await sleep(1s);
            said.push_back("ended " + std::to_string(n));
        });
        co_return n;
    };
    const std::vector items{1, 2, 3, 4};
    auto end = co_await as_outcome(map_concurrent(items, work, 3));
    said.push_back(describe_exception(end.error()));
}

TEST(map_concurrent, the_first_error_cancels_what_runs_and_nothing_new_begins) {
    std::vector<std::string> said;
    rondo::testing::run(the_second_fails(said));
    EXPECT_THAT(said, ElementsAre("begins 1", "begins 2", "begins 3", "ended 1", "ended 3",
                                  "std::runtime_error: 2 failed"));
}

coro<int> same(int n) { co_return n; }

coro<int> refuses_two(int n) {
    if (n == 2) {
        throw std::invalid_argument("no coroutine for 2");
    }
    return same(n);
}

coro<void> fails_in_the_call() {
    const std::vector items{1, 2};
    auto end = co_await as_outcome(map_concurrent(items, refuses_two, 1));
    EXPECT_EQ(describe_exception(end.error()), "std::invalid_argument: no coroutine for 2");
}

TEST(map_concurrent, an_error_of_the_call_itself_counts_too) {
    rondo::testing::run(fails_in_the_call());
}

// ---- cancelled as a whole

coro<void> is_cancelled(std::vector<std::string>& said) {
    const auto work = [&](int n) -> coro<void> {
        co_await finally_(forever(), [&]() -> coro<void> {
            co_await sleep(1s);
            said.push_back("ended " + std::to_string(n));
        });
    };
    const std::vector items{1, 2, 3};
    const auto maps = [&]() -> coro<void> { co_await map_concurrent(items, work, 2); };
    task<void> t = create_task(maps());
    co_await sleep(1s);
    t.cancel();
    auto end = co_await as_outcome(t);
    said.emplace_back(t.cancelled() ? "cancelled" : "finished");
}

TEST(map_concurrent, cancelled_ends_when_all_that_run_have_ended) {
    std::vector<std::string> said;
    rondo::testing::run(is_cancelled(said));
    EXPECT_THAT(said, ElementsAre("ended 1", "ended 2", "cancelled"));
}

TEST(map_concurrent, cancelled_at_every_suspension_leaks_nothing) {
    std::unique_ptr<counted_sleep> work;
    const std::vector items{1, 2, 1, 0};
    const auto scenario = [&]() -> coro<void> {
        work = std::make_unique<counted_sleep>();
        co_await map_concurrent(items, *work, 2);
    };
    EXPECT_GT(rondo::testing::cancel_sweep(scenario, [&] { EXPECT_EQ(work->running, 0); }), 4);
}

}  // namespace
