// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;
using trace = std::vector<std::string>;

/// Counts, and says what becomes of it; its clean-up takes a second.
async_generator<int> numbers(trace& said, int n, std::string name = "source",
                             nanoseconds pause = 1s) {
    std::exception_ptr stopped;
    try {
        for (int i = 0; i < n; ++i) {
            co_await sleep(pause);
            co_yield i;
        }
    } catch (...) {
        stopped = std::current_exception();
    }
    co_await sleep(1s);
    said.push_back(name + (stopped ? " stopped" : " ended"));
    if (stopped) {
        std::rethrow_exception(stopped);
    }
}

coro<bool> odd(int i) {
    co_await sleep(1ms);
    co_return i % 2 == 1;
}

coro<std::string> text_of(int i) {
    co_await sleep(1ms);
    co_return "the number " + std::to_string(i) + ", in words that need memory of their own";
}

template <class G>
coro<void> advance(G& g) {
    static_cast<void>(co_await g.next());
}

coro<void> collects(trace& said) {
    auto got = co_await collect(numbers(said, 3));
    EXPECT_THAT(got, ElementsAre(0, 1, 2));
    auto named = numbers(said, 3);
    co_await advance(named);
    auto rest = co_await collect(named);
    EXPECT_THAT(rest, ElementsAre(1, 2));
}

TEST(adaptors, collect_gives_what_is_left) {
    trace said;
    rondo::testing::run(collects(said));
    EXPECT_THAT(said, ElementsAre("source ended", "source ended"));
}

coro<void> filters_and_transforms(trace& said) {
    auto even = co_await collect(numbers(said, 5) | filter([](int i) { return i % 2 == 0; }));
    EXPECT_THAT(even, ElementsAre(0, 2, 4));
    auto texts = co_await collect(numbers(said, 4) | filter(odd) | transform(text_of));
    auto three = co_await text_of(3);
    EXPECT_EQ(texts.size(), 2u);
    EXPECT_EQ(texts[1], three);
    const std::string prefix = "a prefix that is too long for the small buffer: ";
    auto with_prefix = [prefix](int i) { return prefix + std::to_string(i); };
    auto prefixed = co_await collect(numbers(said, 2) | transform(with_prefix));
    EXPECT_THAT(prefixed, ElementsAre(prefix + "0", prefix + "1"));
}

TEST(adaptors, filter_and_transform_take_functions_and_coroutine_functions) {
    trace said;
    rondo::testing::run(filters_and_transforms(said));
}

coro<void> moves_only() {
    auto owned = [](int n) -> async_generator<std::unique_ptr<int>> {
        for (int i = 0; i < n; ++i) {
            co_yield std::make_unique<int>(i);
        }
    };
    auto got =
        co_await collect(owned(4) | filter([](const std::unique_ptr<int>& i) { return *i != 1; }) |
                         transform([](std::unique_ptr<int> i) { return i; }) | take(2));
    EXPECT_EQ(got.size(), 2u);
    EXPECT_EQ(*got[1], 2);
}

TEST(adaptors, elements_may_be_move_only) { rondo::testing::run(moves_only()); }

coro<void> takes(trace& said) {
    auto two = co_await collect(numbers(said, 100) | take(2));
    EXPECT_THAT(two, ElementsAre(0, 1));
    EXPECT_THAT(said, ElementsAre("source stopped"));
    auto none = co_await collect(numbers(said, 100) | take(0));
    EXPECT_TRUE(none.empty());
    auto few = co_await collect(numbers(said, 1) | take(5));
    EXPECT_THAT(few, ElementsAre(0));
    auto named = numbers(said, 5);
    auto first = co_await collect(named | take(2));
    EXPECT_THAT(first, ElementsAre(0, 1));
    auto next = co_await named.next();
    EXPECT_EQ(next, 2);
    EXPECT_EQ(said.size(), 2u);
}

TEST(adaptors, take_closes_a_source_that_it_owns_and_leaves_a_named_one_usable) {
    trace said;
    rondo::testing::run(takes(said));
}

coro<void> numbers_and_chunks(trace& said) {
    auto pairs = co_await collect(numbers(said, 2) | enumerate(7));
    EXPECT_THAT(pairs, ElementsAre(Pair(7u, 0), Pair(8u, 1)));
    auto chunks = co_await collect(numbers(said, 5) | chunk(2));
    EXPECT_THAT(chunks, ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3), ElementsAre(4)));
    auto even = co_await collect(numbers(said, 4) | chunk(2));
    EXPECT_EQ(even.size(), 2u);
    EXPECT_THROW(chunk(0), std::invalid_argument);
}

TEST(adaptors, enumerate_numbers_and_chunk_groups) {
    trace said;
    rondo::testing::run(numbers_and_chunks(said));
}

coro<void> zips(trace& said) {
    auto rows = co_await collect(zip(numbers(said, 2, "a"), numbers(said, 5, "b"),
                                     numbers(said, 3, "c") | transform(text_of)));
    auto text = co_await text_of(1);
    EXPECT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1], std::tuple(1, 1, text));
}

TEST(adaptors, zip_ends_with_the_shortest_and_closes_the_others) {
    trace said;
    rondo::testing::run(zips(said));
    EXPECT_THAT(said, ElementsAre("a ended", "c stopped", "b stopped"));
}

coro<void> is_lazy(trace& said) {
    auto pipeline = numbers(said, 100) | transform([&](int i) {
                        said.push_back("made " + std::to_string(i));
                        return i;
                    }) |
                    filter(odd);
    co_await sleep(1h);
    EXPECT_TRUE(said.empty());
    co_await advance(pipeline);
    EXPECT_THAT(said, ElementsAre("made 0", "made 1"));
    co_await pipeline.aclose();
    EXPECT_THAT(said, ElementsAre("made 0", "made 1", "source stopped"));
}

TEST(adaptors, nothing_runs_before_it_is_needed_and_aclose_reaches_the_source) {
    trace said;
    rondo::testing::run(is_lazy(said));
}

coro<void> fails(trace& said) {
    auto boom = [](int i) -> int {
        if (i == 1) {
            throw std::runtime_error("boom");
        }
        return i;
    };
    std::string message;
    try {
        static_cast<void>(co_await collect(numbers(said, 5) | transform(boom)));
    } catch (const std::runtime_error& e) {
        message = e.what();
    }
    EXPECT_EQ(message, "boom");
}

TEST(adaptors, an_error_in_between_closes_the_source) {
    trace said;
    rondo::testing::run(fails(said));
    EXPECT_THAT(said, ElementsAre("source stopped"));
}

// ---- merge

coro<void> merges(trace& said) {
    auto got = co_await collect(merge(numbers(said, 3, "slow", 10s), numbers(said, 4, "fast", 3s)));
    // fast: 3 6 9 12 s; slow: 10 20 30 s
    EXPECT_THAT(got, ElementsAre(0, 1, 2, 0, 3, 1, 2));
    std::vector<async_generator<int>> many;
    for (int i = 0; i < 10; ++i) {
        many.push_back(numbers(said, 10, "one of many", 1s));
    }
    const auto begin = get_running_loop().time();
    auto all = co_await collect(merge(std::move(many)));
    EXPECT_EQ(all.size(), 100u);
    EXPECT_EQ(get_running_loop().time() - begin, 11s);
    auto nothing = co_await collect(merge(std::vector<async_generator<int>>()));
    EXPECT_TRUE(nothing.empty());
}

TEST(merge, gives_elements_in_the_order_in_which_they_come) {
    trace said;
    rondo::testing::run(merges(said));
}

coro<void> does_not_run_ahead() {
    int made = 0;
    auto eager = [&]() -> async_generator<int> {
        while (true) {
            co_yield ++made;
        }
    };
    auto merged = merge(eager(), eager());
    EXPECT_EQ(made, 0);
    for (int i = 0; i < 10; ++i) {
        co_await advance(merged);
    }
    co_await sleep(1h);
    EXPECT_LE(made, 12);
    co_await merged.aclose();
}

TEST(merge, lets_no_source_run_ahead) { rondo::testing::run(does_not_run_ahead()); }

coro<void> close_merge(trace& said) {
    auto merged = merge(numbers(said, 100, "a", 1s), numbers(said, 100, "b", 7s));
    co_await advance(merged);
    co_await merged.aclose();
    said.push_back("closed");
    EXPECT_EQ(all_tasks().size(), 1u);
}

TEST(merge, aclose_cancels_the_sources_and_waits_for_them) {
    trace said;
    rondo::testing::run(close_merge(said));
    EXPECT_THAT(said, ElementsAre("a stopped", "b stopped", "closed"));
}

coro<void> drop_merge(trace& said) {
    {
        auto merged = merge(numbers(said, 100, "a", 1s), numbers(said, 100, "b", 7s));
        co_await advance(merged);
    }
    said.push_back("dropped");
    co_await sleep(10s);
    EXPECT_EQ(all_tasks().size(), 1u);
}

TEST(merge, dropping_it_cancels_the_sources) {
    trace said;
    rondo::testing::run(drop_merge(said));
    EXPECT_EQ(said.front(), "dropped");
    EXPECT_EQ(said.size(), 3u);
}

async_generator<int> fails_after(int n) {
    for (int i = 0; i < n; ++i) {
        co_yield i;
    }
    throw std::runtime_error("source failed");
}

coro<void> source_fails(trace& said) {
    auto merged = merge(fails_after(2), numbers(said, 100, "other", 1h));
    std::string message;
    int got = 0;
    try {
        while (auto i = co_await merged.next()) {
            ++got;
        }
    } catch (const std::runtime_error& e) {
        message = e.what();
    }
    EXPECT_EQ(got, 2);
    EXPECT_EQ(message, "source failed");
    EXPECT_THAT(said, ElementsAre("other stopped"));
    EXPECT_EQ(all_tasks().size(), 1u);
}

TEST(merge, the_error_of_a_source_comes_after_its_elements_and_ends_the_others) {
    trace said;
    rondo::testing::run(source_fails(said));
}

coro<void> cancelled_in_merge(trace& said) {
    auto merged = merge(numbers(said, 9, "a", 1s), numbers(said, 9, "b", 2s));
    while (auto i = co_await merged.next()) {
        co_await sleep(500ms);
    }
}

TEST(merge, nothing_leaks_wherever_it_is_cancelled) {
    trace said;
    const int points = rondo::testing::cancel_sweep([&] { return cancelled_in_merge(said); });
    EXPECT_GE(points, 18);
}

TEST(adaptors, nothing_leaks_wherever_they_are_cancelled) {
    trace said;
    const int points = rondo::testing::cancel_sweep([&] { return filters_and_transforms(said); });
    EXPECT_GE(points, 10);
}

}  // namespace
