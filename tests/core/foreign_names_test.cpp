// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <coroutine>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

// Functions beside a user's types have rondo's names and take anything. Rondo must not find them
// where it calls its own.

namespace foreign {

template <class... A>
void with(A&&...) = delete;
template <class... A>
void run(A&&...) = delete;
template <class... A>
void create_task(A&&...) = delete;
template <class... A>
void ensure_future(A&&...) = delete;
template <class... A>
void gather(A&&...) = delete;
template <class... A>
void shield(A&&...) = delete;
template <class... A>
void wait(A&&...) = delete;
template <class... A>
void get_awaiter(A&&...) = delete;
template <class... A>
void call_body(A&&...) = delete;
template <class... A>
void run_with(A&&...) = delete;
template <class... A>
void invoke_owned(A&&...) = delete;
template <class... A>
void await_one(A&&...) = delete;
template <class... A>
void as_argument(A&&...) = delete;
template <class... A>
void start_argument(A&&...) = delete;
template <class... A>
void map_worker(A&&...) = delete;
template <class... A>
void make_box(A&&...) = delete;
template <class... A>
void leave_source(A&&...) = delete;
template <class... A>
void leave_manager(A&&...) = delete;

struct data {
    int x = 7;
};
struct own_await {
    bool await_ready() const { return true; }
    void await_suspend(std::coroutine_handle<>) const {}
    data await_resume() const { return {}; }
};

rondo::coro<data> make() { co_return data(); }

struct body {
    rondo::coro<data> operator()() const { return make(); }
};
struct body_without_value {
    rondo::coro<void> operator()() const { co_return; }
};

}  // namespace foreign

TEST(foreign_names, are_not_found_by_run) {
    EXPECT_EQ(rondo::run(foreign::make).x, 7);
    EXPECT_EQ(rondo::run(foreign::make()).x, 7);
    EXPECT_EQ(rondo::run(foreign::body()).x, 7);
}

TEST(foreign_names, are_not_found_by_tasks) {
    rondo::testing::run([]() -> rondo::coro<void> {
        EXPECT_EQ((co_await rondo::create_task(foreign::body())).x, 7);
        EXPECT_EQ((co_await rondo::create_task(foreign::make())).x, 7);
        EXPECT_EQ((co_await rondo::ensure_future(foreign::make())).x, 7);
        EXPECT_EQ((co_await rondo::shield(foreign::make())).x, 7);
        EXPECT_EQ((co_await rondo::wait_for(foreign::make(), std::chrono::seconds(1))).x, 7);
        EXPECT_EQ((co_await rondo::as_outcome(foreign::make())).value().x, 7);
        EXPECT_EQ((co_await foreign::own_await()).x, 7);
    }());
}

TEST(foreign_names, are_not_found_by_blocks) {
    rondo::testing::run([]() -> rondo::coro<void> {
        const foreign::body body;
        const foreign::body_without_value empty;
        EXPECT_EQ((co_await rondo::with(rondo::cancel_scope(), body)).x, 7);
        EXPECT_TRUE(co_await rondo::move_on_after(std::chrono::seconds(1), empty));
        EXPECT_EQ((co_await rondo::fail_after(std::chrono::seconds(1), body)).x, 7);
    }());
}

TEST(foreign_names, are_not_found_by_waits_for_several) {
    rondo::testing::run([]() -> rondo::coro<void> {
        const auto [a, b] = co_await rondo::gather(foreign::make(), foreign::make());
        EXPECT_EQ(a.x + b.x, 14);
        std::vector<rondo::coro<foreign::data>> list;
        list.push_back(foreign::make());
        const auto all = co_await rondo::gather(list);
        EXPECT_EQ(all.size(), 1U);
        const std::vector<foreign::data> items(2);
        const auto twice = [](const foreign::data&) { return foreign::make(); };
        const auto mapped = co_await rondo::map_concurrent(items, twice, 2);
        EXPECT_EQ(mapped.size(), 2U);
        EXPECT_EQ((co_await rondo::race(foreign::make(), foreign::make())).index(), 0U);
    }());
}
