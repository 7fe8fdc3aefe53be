// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using trace = std::vector<std::string>;

const std::string long_text = "a text that is too long for the small buffer of a string";

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

coro<void> end_of(task<void> t) { co_await t; }

coro<void> resolved_by_a_timer() {
    const auto begin = get_running_loop().time();
    auto text = co_await suspend<std::string>([](resolver<std::string> r) {
        get_running_loop().call_later(3s, [r] { r.resolve(long_text); });
    });
    EXPECT_EQ(text, long_text);
    EXPECT_EQ(get_running_loop().time() - begin, 3s);
    co_await suspend<>([](resolver<> r) { get_running_loop().call_soon([r] { r.resolve(); }); });
    auto owned = co_await suspend<std::unique_ptr<int>>(
        [](resolver<std::unique_ptr<int>> r) { r.resolve(std::make_unique<int>(5)); });
    EXPECT_EQ(*owned, 5);
}

TEST(suspend, gives_what_a_callback_resolves) { rondo::testing::run(resolved_by_a_timer()); }

coro<void> rejected(bool at_once) {
    co_await suspend<>([at_once](resolver<> r) {
        if (at_once) {
            r.reject(std::runtime_error("rejected"));
        } else {
            get_running_loop().call_soon([r] { r.reject(std::runtime_error("rejected")); });
        }
    });
}

coro<void> start_throws() {
    co_await suspend<int>([](resolver<int>) { throw std::runtime_error("did not start"); });
}

TEST(suspend, throws_what_is_rejected_and_what_start_throws) {
    EXPECT_EQ(rondo::testing::run(message_of(rejected(true))), "rejected");
    EXPECT_EQ(rondo::testing::run(message_of(rejected(false))), "rejected");
    EXPECT_EQ(rondo::testing::run(message_of(start_throws())), "did not start");
}

coro<void> starts_at_the_await() {
    int started = 0;
    auto start = [&started](resolver<int> r) { r.resolve(++started); };
    auto pending = suspend<int>(start);
    EXPECT_EQ(started, 0);
    int got = co_await pending;
    EXPECT_EQ(got, 1);
}

TEST(suspend, starts_when_it_is_awaited) { rondo::testing::run(starts_at_the_await()); }

coro<void> resolve_twice() {
    std::optional<resolver<int>> kept;
    int got = co_await suspend<int>([&](resolver<int> r) {
        kept = r;
        r.resolve(1);
        EXPECT_THROW(r.resolve(2), invalid_state_error);
    });
    EXPECT_EQ(got, 1);
    EXPECT_THROW(kept->resolve(3), invalid_state_error);
    EXPECT_THROW(kept->reject(std::runtime_error("late")), invalid_state_error);
    EXPECT_THROW(kept->resolve_threadsafe(4), invalid_state_error);
}

TEST(suspend, ends_once) { rondo::testing::run(resolve_twice()); }

struct request {
    std::optional<resolver<int>> answer;
    int cancelled = 0;
};

coro<void> asks(request& to) {
    static_cast<void>(co_await suspend<int>([&to](resolver<int> r) {
        to.answer = r;
        return [&to] { ++to.cancelled; };
    }));
}

coro<void> cancelled_while_waiting() {
    request q;
    auto t = create_task(asks(q));
    co_await yield_now();
    t.cancel();
    EXPECT_EQ(q.cancelled, 1);
    auto message = co_await message_of(end_of(t));
    EXPECT_EQ(message, "cancelled");
    q.answer->resolve(1);  // dropped
    EXPECT_THROW(q.answer->resolve(2), invalid_state_error);
}

TEST(suspend, cancellation_calls_on_cancel_and_drops_what_comes_later) {
    rondo::testing::run(cancelled_while_waiting());
}

coro<void> the_result_wins() {
    request q;
    auto t = create_task(asks(q));
    co_await yield_now();
    q.answer->resolve(1);
    t.cancel();
    EXPECT_EQ(q.cancelled, 0);
    auto message = co_await message_of(end_of(t));
    EXPECT_EQ(message, "nothing");
}

TEST(suspend, a_result_that_exists_wins) { rondo::testing::run(the_result_wins()); }

coro<void> cancelled_before() {
    request q;
    auto t = create_task([](request& to) -> coro<void> {
        current_task().cancel();
        co_await asks(to);
    }(q));
    auto message = co_await message_of(end_of(t));
    EXPECT_EQ(message, "cancelled");
    EXPECT_FALSE(q.answer.has_value());
}

TEST(suspend, does_not_start_when_it_is_cancelled_already) {
    rondo::testing::run(cancelled_before());
}

coro<void> on_cancel_throws(std::vector<std::string>& reported) {
    get_running_loop().set_exception_handler(
        [&](event_loop&, const exception_context& what) { reported.push_back(what.message); });
    auto t = create_task([]() -> coro<void> {
        co_await suspend<>([](resolver<>) { return [] { throw std::runtime_error("oops"); }; });
    }());
    co_await yield_now();
    t.cancel();
    auto message = co_await message_of(end_of(t));
    EXPECT_EQ(message, "cancelled");
}

TEST(suspend, an_error_of_on_cancel_is_reported) {
    std::vector<std::string> reported;
    rondo::testing::run(on_cancel_throws(reported));
    EXPECT_THAT(reported, ElementsAre("exception in the on_cancel function of suspend()"));
}

TEST(suspend, a_coroutine_that_is_destroyed_calls_on_cancel) {
    request q;
    {
        event_loop loop(driver_kind::epoll);
        loop.set_exception_handler([](event_loop&, const exception_context&) {});
        std::ignore = loop.create_task(asks(q));
        loop.stop();
        loop.run_forever();
        EXPECT_EQ(q.cancelled, 0);
    }
    EXPECT_EQ(q.cancelled, 1);
    q.answer->resolve_threadsafe(1);  // dropped
}

coro<void> lets_others_run() {
    bool ran = false;
    get_running_loop().call_soon([&] { ran = true; });
    for (int i = 0; i < 1000; ++i) {
        co_await suspend<>([](resolver<> r) { r.resolve(); });
    }
    EXPECT_TRUE(ran);
}

TEST(suspend, resolving_at_once_again_and_again_starves_nobody) {
    rondo::testing::run(lets_others_run());
}

TEST(suspend, nothing_leaks_wherever_it_is_cancelled) {
    EXPECT_GE(rondo::testing::cancel_sweep([] { return resolved_by_a_timer(); }), 2);
}

// ---- threads: on the real driver, which another thread can wake

coro<void> resolved_by_a_thread() {
    std::thread other;
    auto ask = [&other](resolver<std::string> r) {
        other = std::thread([r] { r.resolve_threadsafe(long_text); });
    };
    auto text = co_await suspend<std::string>(ask);
    other.join();
    EXPECT_EQ(text, long_text);
    auto ask_and_fail = [&other](resolver<std::string> r) {
        other = std::thread([r] { r.reject_threadsafe(std::runtime_error("failed there")); });
    };
    std::string message;
    try {
        static_cast<void>(co_await suspend<std::string>(ask_and_fail));
    } catch (const std::runtime_error& e) {
        message = e.what();
    }
    other.join();
    EXPECT_EQ(message, "failed there");
}

TEST(suspend, another_thread_may_end_it) {
    rondo::run(resolved_by_a_thread(), {.driver = driver_kind::epoll});
}

coro<void> races_with_a_thread(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        std::atomic<int> dropped{0};
        std::thread other;
        auto ask = [&](resolver<int> r) {
            other = std::thread([r, &dropped] {
                r.resolve_threadsafe(1);
                try {
                    r.resolve_threadsafe(2);
                } catch (const invalid_state_error&) {
                    ++dropped;
                }
            });
        };
        auto t = create_task(
            [](auto& with) -> coro<void> { static_cast<void>(co_await suspend<int>(with)); }(ask));
        co_await yield_now();
        if (i % 2 == 0) {
            t.cancel();
        }
        auto message = co_await message_of(end_of(t));
        EXPECT_TRUE(message == "nothing" || message == "cancelled");
        other.join();
        EXPECT_EQ(dropped, 1);
    }
}

TEST(suspend, a_thread_may_race_with_the_cancellation) {
    rondo::run(races_with_a_thread(200), {.driver = driver_kind::epoll});
}

}  // namespace
