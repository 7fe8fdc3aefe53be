// SPDX-License-Identifier: MIT
// What is destroyed while tasks wait, and tasks that are destroyed while they wait.
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <memory>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using ::testing::HasSubstr;

namespace {

template <class F>
void run_main(F&& body) {
    rondo::testing::run(body());
}

/// What an await of the task threw.
coro<std::string> error_of(task<> t) {
    try {
        co_await t;
    } catch (const std::runtime_error& e) {
        co_return e.what();
    }
    co_return "nothing";
}

/// Destroys a primitive while `wait(primitive)` waits.
template <class P, class F>
std::string destroyed_under_waiter(std::unique_ptr<P> primitive, F wait) {
    return rondo::testing::run([](std::unique_ptr<P> owned, F body) -> coro<std::string> {
        const task<> waiter = create_task(body(*owned));
        co_await yield_now();
        owned.reset();
        co_return co_await error_of(waiter);
    }(std::move(primitive), wait));
}

}  // namespace

TEST(destruction, fails_those_who_wait_with_a_clear_sentence) {
    const auto full = [] {
        auto q = std::make_unique<queue<int>>(1);
        q->put_nowait(1);
        return q;
    };
    const auto locked = [] {
        auto s = std::make_unique<semaphore>(0);
        return s;
    };
    EXPECT_THAT(destroyed_under_waiter(std::make_unique<queue<int>>(),
                                       [](queue<int>& q) -> coro<void> { co_await q.get(); }),
                HasSubstr("queue::get: the object was destroyed while a task waited here"));
    EXPECT_THAT(
        destroyed_under_waiter(full(), [](queue<int>& q) -> coro<void> { co_await q.put(2); }),
        HasSubstr("queue::put: the object was destroyed"));
    EXPECT_THAT(
        destroyed_under_waiter(full(), [](queue<int>& q) -> coro<void> { co_await q.join(); }),
        HasSubstr("queue::join: the object was destroyed"));
    EXPECT_THAT(destroyed_under_waiter(std::make_unique<event>(),
                                       [](event& e) -> coro<void> { co_await e.wait(); }),
                HasSubstr("event::wait: the object was destroyed"));
    EXPECT_THAT(
        destroyed_under_waiter(locked(), [](semaphore& s) -> coro<void> { co_await s.acquire(); }),
        HasSubstr("semaphore::acquire: the object was destroyed"));
    EXPECT_THAT(destroyed_under_waiter(std::make_unique<barrier>(2),
                                       [](barrier& b) -> coro<void> { co_await b.wait(); }),
                HasSubstr("barrier::wait: the object was destroyed"));
}

TEST(destruction, fails_a_getter_that_has_a_claim_but_has_not_run) {
    run_main([]() -> coro<void> {
        auto q = std::make_unique<queue<std::unique_ptr<int>>>();
        const auto body = [](queue<std::unique_ptr<int>>& from) -> coro<void> {
            co_await from.get();
        };
        const task<> getter = create_task(body(*q));
        co_await yield_now();
        q->put_nowait(std::make_unique<int>(1));
        q.reset();
        EXPECT_THAT(co_await error_of(getter), HasSubstr("queue::get: the object was destroyed"));
    });
}

TEST(destruction_death, a_condition_with_waiters_ends_the_program) {
    const auto destroy_under_waiter = [] {
        run_main([]() -> coro<void> {
            auto c = std::make_unique<condition>();
            const auto body = [](condition& at) -> coro<void> {
                const auto guard = co_await at.scoped();
                co_await at.wait();
            };
            const task<> waiter = create_task(body(*c));
            co_await yield_now();
            c.reset();
        });
    };
    EXPECT_DEATH(destroy_under_waiter(), "a condition was destroyed while tasks waited for it");
}

namespace {

/// A loop that closes although tasks of it wait destroys their coroutines, also of one that a
/// handle keeps.
template <class F>
task<> abandoned_task(F body) {
    event_loop loop(driver_kind::epoll);
    loop.set_exception_handler([](event_loop&, const exception_context&) {});
    const task<> t = loop.create_task(body());
    loop.run_until_complete([]() -> coro<void> { co_await yield_now(); }());
    loop.close();
    return t;
}

}  // namespace

TEST(abandoned_tasks, are_skipped_by_whoever_gives) {
    lock lk;
    run([&]() -> coro<void> { co_await lk.acquire(); }());
    const auto body = [&]() -> coro<void> { co_await lk.acquire(); };
    const task<> dead = abandoned_task(body);
    run_main([&]() -> coro<void> {
        const task<> alive = create_task(body());
        co_await yield_now();
        lk.release();
        co_await alive;
        EXPECT_TRUE(lk.locked());
    });
    lk.release();
    EXPECT_FALSE(lk.locked());
}

TEST(abandoned_tasks, are_skipped_by_a_put) {
    queue<int> q;
    const auto body = [&]() -> coro<void> { co_await q.get(); };
    const task<> dead = abandoned_task(body);
    run_main([&]() -> coro<void> {
        co_await q.put(1);
        EXPECT_EQ(co_await q.get(), 1);
    });
}

TEST(abandoned_tasks, are_skipped_by_a_get) {
    queue<int> q(1);
    q.put_nowait(1);
    const auto body = [&]() -> coro<void> { co_await q.put(2); };
    const task<> dead = abandoned_task(body);
    run_main([&]() -> coro<void> {
        EXPECT_EQ(co_await q.get(), 1);
        EXPECT_TRUE(q.empty()) << "what a dead task wanted to put is not put";
    });
}

TEST(abandoned_tasks, leave_the_list) {
    queue<int> q;
    const auto body = [&]() -> coro<void> { co_await q.get(); };
    const task<> dead = abandoned_task(body);
    q.put_nowait(1);
    EXPECT_EQ(q.qsize(), 1u);
}

TEST(abandoned_tasks, give_their_claim_back) {
    queue<int> q;
    const auto body = [&]() -> coro<void> { co_await q.get(); };
    {
        event_loop loop(driver_kind::epoll);
        loop.set_exception_handler([](event_loop&, const exception_context&) {});
        const task<> dead = loop.create_task(body());
        loop.run_until_complete([](queue<int>& to) -> coro<void> {
            co_await yield_now();
            get_running_loop().stop();
            to.put_nowait(1);  // the getter has a claim, and will not run any more
        }(q));
        EXPECT_TRUE(q.empty());
        loop.close();
        EXPECT_EQ(q.qsize(), 1u);
    }
    EXPECT_EQ(q.get_nowait(), 1);
}
