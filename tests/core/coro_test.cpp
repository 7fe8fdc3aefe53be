// SPDX-License-Identifier: MIT
// What a coroutine object refuses, and what its frame weighs.
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace rondo;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

coro<int> answer() {
    co_await yield_now();
    co_return 42;
}

const auto refused =
    ThrowsMessage<std::runtime_error>(HasSubstr("cannot reuse already awaited coroutine"));
const auto empty = ThrowsMessage<std::runtime_error>(HasSubstr("the coroutine object is empty"));

coro<std::string> message_of(coro<int>& c) {
    try {
        co_await c;
    } catch (const std::runtime_error& e) {
        co_return e.what();
    }
    co_return "nothing";
}

coro<void> awaits_twice() {
    coro<int> c = answer();
    EXPECT_EQ(co_await c, 42);
    EXPECT_EQ(co_await message_of(c), "cannot reuse already awaited coroutine");
    EXPECT_THAT([&] { std::ignore = create_task(std::move(c)); }, refused);
}

coro<void> awaits_what_another_task_awaits() {
    coro<int> c = answer();
    const auto awaits = [&]() -> coro<int> { co_return co_await c; };
    task<int> first = create_task(awaits());
    co_await yield_now();
    EXPECT_EQ(co_await message_of(c), "cannot reuse already awaited coroutine");
    EXPECT_EQ(co_await first, 42) << "the first one is not disturbed";
}

TEST(coro, is_awaited_once) {
    rondo::testing::run(awaits_twice());
    rondo::testing::run(awaits_what_another_task_awaits());
}

coro<void> awaits_what_was_moved() {
    coro<int> c = answer();
    coro<int> moved = std::move(c);
    EXPECT_THAT(co_await message_of(c), HasSubstr("co_await: the coroutine object is empty"));
    EXPECT_EQ(co_await moved, 42);
}

TEST(coro, that_was_moved_from_says_so) {
    rondo::testing::run(awaits_what_was_moved());
    coro<int> c = answer();
    c.close();
    EXPECT_THAT([&] { rondo::run(std::move(c)); }, empty);
}

coro<int> two() { co_return 2; }

TEST(coro, driven_by_hand_is_not_awaited_as_well) {
    coro<int> c = two();
    EXPECT_FALSE(c.send());
    EXPECT_THAT([&] { c.send(); }, refused);
    EXPECT_EQ(rondo::testing::run(message_of(c)), "cannot reuse already awaited coroutine");
}

TEST(coro, driven_by_hand_finds_no_loop) {
    coro<int> c = answer();
    EXPECT_THAT([&] { c.send(); },
                ThrowsMessage<std::runtime_error>(HasSubstr("driven by hand with send()")));
}

coro<void> yields() { co_await yield_now(); }
coro<void> checks() { co_await checkpoint(); }
coro<void> suspends() {
    co_await suspend<void>([](const resolver<void>&) {});
}

TEST(coro, driven_by_hand_finds_no_loop_inside_a_task_either) {
    const auto no_loop = ThrowsMessage<std::runtime_error>(HasSubstr("driven by hand with send()"));
    const auto main = [&]() -> coro<void> {
        for (auto* body : {yields, checks, suspends}) {
            coro<void> c = body();
            EXPECT_THAT([&] { c.send(); }, no_loop);
        }
        co_await yield_now();  // nothing is left in the loop
    };
    rondo::testing::run(main());
}

TEST(coro, a_frame_has_no_byte_that_nobody_needs) {
    // Whoever makes a million tasks pays for each of these a million times.
    EXPECT_EQ(sizeof(detail::coro_promise<void>), 112u);
    EXPECT_EQ(sizeof(detail::coro_promise<long>), 120u);
}

}  // namespace
