// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <atomic>
#include <cstdlib>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

using namespace rondo;

namespace {

/// Made before anything of rondo's is, and gone after all that is static.
const struct runs_a_loop_at_exit {
    ~runs_a_loop_at_exit() {
        if (run([]() -> coro<int> { co_return co_await to_thread([] { return 7; }); }()) != 7) {
            std::abort();
        }
    }
} at_exit;

}  // namespace

TEST(executor, shut_down_by_its_own_work_says_that_it_cannot_wait) {
    run([]() -> coro<void> {
        thread_pool_executor pool(2);
        const auto end = [&]() -> std::string {
            try {
                pool.shutdown();
            } catch (const std::runtime_error& e) {
                return e.what();
            }
            return "no error";
        };
        const std::string said = co_await run_in_executor(&pool, end);
        EXPECT_NE(said.find("cannot join current thread"), std::string::npos) << said;
        const auto limited = [&] { return pool.shutdown_for(std::chrono::seconds(1)); };
        EXPECT_FALSE((co_await as_outcome(run_in_executor(&pool, limited))).has_value());
    }());
}

TEST(executor, may_be_destroyed_by_its_own_work) {
    auto pool = std::make_shared<thread_pool_executor>(1);
    std::latch may_end(1);
    std::latch ended(1);
    auto work = [&may_end, &ended, held = pool]() mutable {
        may_end.wait();
        held = nullptr;
        ended.count_down();
    };
    pool->submit(std::move(work));
    pool = nullptr;
    may_end.count_down();
    ended.wait();
}

TEST(executor, shut_down_by_several_lets_all_of_them_wait) {
    thread_pool_executor pool(1);
    std::latch may_end(1);
    std::atomic<bool> done{false};
    pool.submit([&] {
        may_end.wait();
        done = true;
    });
    std::atomic<int> waited{0};
    const auto shut_down = [&] {
        pool.shutdown();
        waited += done ? 1 : 0;
    };
    std::thread first(shut_down);
    std::thread second(shut_down);
    may_end.count_down();
    first.join();
    second.join();
    pool.shutdown();
    EXPECT_EQ(waited, 2);
}
