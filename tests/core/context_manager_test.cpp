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
using ::testing::HasSubstr;
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

struct connection {
    explicit connection(std::string to) : name(std::move(to)) {}
    connection(connection&&) = default;
    std::string name;
    int used = 0;
};

context_manager<connection> borrow(trace& said) {
    co_await sleep(1s);
    said.push_back("acquired");
    connection c("a connection whose name needs memory of its own");
    co_yield c;
    co_await sleep(1s);
    said.push_back("released after " + std::to_string(c.used));
}

coro<int> uses(trace& said) {
    const int result = co_await with(borrow(said), [&](connection& c) -> coro<int> {
        co_await sleep(1s);
        c.used = 7;
        said.push_back("body");
        co_return 42;
    });
    co_return result;
}

TEST(context_manager, the_body_gets_what_is_yielded_by_reference) {
    trace said;
    EXPECT_EQ(rondo::testing::run(uses(said)), 42);
    EXPECT_THAT(said, ElementsAre("acquired", "body", "released after 7"));
}

coro<void> fails(trace& said) {
    co_await with(borrow(said), [&](connection& c) -> coro<void> {
        c.used = 1;
        co_await sleep(1s);
        throw std::runtime_error("body failed");
    });
}

TEST(context_manager, what_stands_after_the_yield_runs_and_then_the_error_goes_on) {
    trace said;
    EXPECT_EQ(rondo::testing::run(message_of(fails(said))), "body failed");
    EXPECT_THAT(said, ElementsAre("acquired", "released after 1"));
}

context_manager<> listens(trace& said) {
    const auto end = co_yield {};
    if (end.failed()) {
        said.push_back(describe_exception(end.error()));
    } else {
        said.push_back("ended well");
    }
}

coro<void> ends_well_and_badly(trace& said) {
    co_await with(listens(said), []() -> coro<void> { co_return; });
    auto failing = []() -> coro<void> {
        throw std::runtime_error("body failed");
        co_return;
    };
    auto message = co_await message_of(with(listens(said), failing));
    EXPECT_EQ(message, "body failed");
}

TEST(context_manager, the_yield_tells_how_the_body_ended) {
    trace said;
    rondo::testing::run(ends_well_and_badly(said));
    EXPECT_THAT(said, ElementsAre("ended well", "std::runtime_error: body failed"));
}

enum class answer { swallow, rethrow, throw_another, catch_it };

context_manager<> answers(answer how) {
    const auto end = co_yield {};
    co_await sleep(1s);
    switch (how) {
        case answer::swallow:
            end.swallow();
            break;
        case answer::rethrow:
            end.rethrow();
            break;
        case answer::throw_another:
            throw std::runtime_error("another");
        case answer::catch_it:
            try {
                end.rethrow();
            } catch (const std::runtime_error&) {
                end.swallow();
            }
            break;
    }
}

coro<void> body_fails(answer how) {
    co_await with(answers(how), []() -> coro<void> {
        co_await sleep(1s);
        throw std::runtime_error("body failed");
    });
}

TEST(context_manager, may_swallow_replace_or_rethrow_the_error_of_the_body) {
    EXPECT_EQ(rondo::testing::run(message_of(body_fails(answer::swallow))), "nothing");
    EXPECT_EQ(rondo::testing::run(message_of(body_fails(answer::catch_it))), "nothing");
    EXPECT_EQ(rondo::testing::run(message_of(body_fails(answer::rethrow))), "body failed");
    EXPECT_EQ(rondo::testing::run(message_of(body_fails(answer::throw_another))), "another");
}

coro<void> exit_fails() {
    co_await with(answers(answer::throw_another), []() -> coro<void> { co_return; });
}

TEST(context_manager, an_error_of_the_exit_is_thrown_when_the_body_ended_well) {
    EXPECT_EQ(rondo::testing::run(message_of(exit_fails())), "another");
}

context_manager<std::unique_ptr<int>> yields_a_temporary() { co_yield std::make_unique<int>(5); }

coro<int> uses_temporary() {
    co_return co_await with(yields_a_temporary(), [](std::unique_ptr<int>& p) -> coro<int> {
        co_await sleep(1s);
        co_return *p;
    });
}

TEST(context_manager, a_temporary_that_is_yielded_lives_until_the_exit) {
    EXPECT_EQ(rondo::testing::run(uses_temporary()), 5);
}

context_manager<int> never_yields(bool never) {
    if (!never) {
        co_yield 1;
    }
}
context_manager<> yields_twice() {
    co_yield {};
    co_yield {};
}
context_manager<int> fails_to_enter() {
    co_await sleep(1s);
    throw std::runtime_error("no connection");
    co_yield 1;
}

coro<void> misuse() {
    auto nothing = [](int&) -> coro<void> { co_return; };
    auto empty = []() -> coro<void> { co_return; };
    auto none = co_await message_of(with(never_yields(true), nothing));
    EXPECT_THAT(none, HasSubstr("ended without a co_yield"));
    auto twice = co_await message_of(with(yields_twice(), empty));
    EXPECT_THAT(twice, HasSubstr("yielded a second time"));
    auto failed = co_await message_of(with(fails_to_enter(), nothing));
    EXPECT_EQ(failed, "no connection");
    auto named = never_yields(false);
    co_await with(named, nothing);
    auto again = co_await message_of(with(named, nothing));
    EXPECT_THAT(again, HasSubstr("entered a second time"));
}

TEST(context_manager, says_what_is_wrong) { rondo::testing::run(misuse()); }

coro<void> cancelled_inside(trace& said) {
    auto t = create_task(uses(said));
    co_await sleep(1500ms);
    t.cancel();
    co_await sleep(500ms);
    t.cancel();
    auto message =
        co_await message_of([](task<int> it) -> coro<void> { static_cast<void>(co_await it); }(t));
    EXPECT_EQ(message, "cancelled");
}

TEST(context_manager, its_exit_is_shielded_from_cancellation) {
    trace said;
    rondo::testing::run(cancelled_inside(said));
    EXPECT_THAT(said, ElementsAre("acquired", "released after 0"));
}

TEST(context_manager, releases_what_it_acquired_wherever_it_is_cancelled) {
    trace said;
    const int points = rondo::testing::cancel_sweep(
        [&]() -> coro<void> { static_cast<void>(co_await uses(said)); },
        [&] {
            EXPECT_TRUE(said.empty() || said.back().starts_with("released"));
            said.clear();
        });
    EXPECT_GE(points, 3);
}

}  // namespace
