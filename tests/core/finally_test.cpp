// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using trace = std::vector<std::string>;

/// What `work` throws, as its message.
coro<std::string> message_of(coro<void> work) {
    try {
        co_await std::move(work);
    } catch (const std::exception& e) {
        co_return e.what();
    } catch (const cancelled_error&) {
        co_return "cancelled";
    }
    co_return "nothing";
}

coro<void> say(trace& said, std::string what) {
    co_await sleep(1s);
    said.push_back(what);
}

coro<void> with_a_function(trace& said) {
    int n = 3;
    auto result = co_await finally_(
        [&]() -> coro<std::unique_ptr<int>> {
            co_await say(said, "body");
            co_return std::make_unique<int>(n);
        },
        [&]() -> coro<void> { co_await say(said, "clean-up"); });
    EXPECT_EQ(*result, 3);
}

coro<void> with_a_coroutine(trace& said) {
    co_await finally_(say(said, "body"), [&] { said.push_back("clean-up"); });
}

TEST(finally, runs_the_clean_up_after_the_body_and_gives_the_result) {
    trace said;
    rondo::testing::run(with_a_function(said));
    rondo::testing::run(with_a_coroutine(said));
    EXPECT_THAT(said, ElementsAre("body", "clean-up", "body", "clean-up"));
}

coro<void> fails(std::string with) {
    co_await sleep(1s);
    throw std::runtime_error(with);
}

coro<void> body_fails(trace& said) {
    co_await finally_(fails("body failed"),
                      [&]() -> coro<void> { co_await say(said, "clean-up"); });
}

coro<void> both_fail() {
    co_await finally_(fails("body failed"),
                      []() -> coro<void> { co_await fails("clean-up failed"); });
}

TEST(finally, an_error_of_the_clean_up_replaces_that_of_the_body) {
    trace said;
    EXPECT_EQ(rondo::testing::run(message_of(body_fails(said))), "body failed");
    EXPECT_THAT(said, ElementsAre("clean-up"));
    EXPECT_EQ(rondo::testing::run(message_of(both_fail())), "clean-up failed");
}

coro<void> cancelled_twice(trace& said) {
    auto t = create_task(with_a_function(said));
    co_await sleep(500ms);
    t.cancel();
    co_await sleep(500ms);
    t.cancel();
    auto message = co_await message_of([](task<void> it) -> coro<void> { co_await it; }(t));
    EXPECT_EQ(message, "cancelled");
}

TEST(finally, the_clean_up_is_shielded_from_cancellation) {
    trace said;
    rondo::testing::run(cancelled_twice(said));
    EXPECT_THAT(said, ElementsAre("clean-up"));
}

TEST(finally, the_clean_up_runs_wherever_it_is_cancelled) {
    trace said;
    const int points =
        rondo::testing::cancel_sweep([&] { return with_a_function(said); },
                                     [&] {
                                         EXPECT_TRUE(said.empty() || said.back() == "clean-up");
                                         said.clear();
                                     });
    EXPECT_GE(points, 2);
}

}  // namespace
