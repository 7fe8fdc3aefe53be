// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of_handle;

namespace {

coro<void> pass_turns(int n) {
    for (int i = 0; i < n; ++i) {
        co_await yield_now();
    }
}

}  // namespace

// ---- barrier

BEHAVIOUR(B197_a_barrier_lets_n_go_together_with_distinct_indices) {
    EXPECT_THROW(barrier(0), std::invalid_argument);
    run([&]() -> coro<void> {
        barrier b(4);
        std::vector<std::size_t> indices;
        const auto party = [&]() -> coro<void> { indices.push_back(co_await b.wait()); };
        const auto by_with = [&]() -> coro<void> {
            co_await with(b, [&](std::size_t index) -> coro<void> {
                indices.push_back(index);
                co_return;
            });
        };
        std::vector<task<>> tasks;
        tasks.push_back(create_task(party()));
        tasks.push_back(create_task(by_with()));
        tasks.push_back(create_task(party()));
        co_await pass_turns(3);
        EXPECT_TRUE(indices.empty());
        EXPECT_EQ(b.n_waiting(), 3u);
        indices.push_back(co_await b.wait());
        co_await pass_turns(3);
        EXPECT_THAT(indices, ::testing::ElementsAre(3, 0, 1, 2));
        EXPECT_EQ(b.n_waiting(), 0u);
        EXPECT_EQ(b.parties(), 4u);
    });
}

BEHAVIOUR(B198_a_barrier_is_used_again_and_nobody_slips_through_with_the_group_before) {
    run([&]() -> coro<void> {
        barrier b(2);
        const auto party = [&](const std::string name) -> coro<void> {
            for (int round = 1; round <= 3; ++round) {
                co_await b.wait();
                note(name + std::to_string(round));
            }
        };
        const task<> x = create_task(party("x"));
        const task<> y = create_task(party("y"));
        co_await x;
        co_await y;
    });
    // Whoever is through waits for the other one before the next round.
    for (std::size_t i = 0; i < 6; i += 2) {
        EXPECT_EQ(notes()[i].back(), notes()[i + 1].back()) << trace();
    }
}

BEHAVIOUR(B199_resetting_a_barrier_breaks_the_waits_and_a_new_cycle_works) {
    run([&]() -> coro<void> {
        barrier b(3);
        const auto party = [&]() -> coro<void> {
            try {
                co_await b.wait();
                note("through");
            } catch (const broken_barrier_error&) {
                note("broken");
            }
        };
        const task<> a = create_task(party());
        const task<> c = create_task(party());
        co_await yield_now();
        b.reset();
        EXPECT_FALSE(b.broken());
        EXPECT_EQ(b.n_waiting(), 0u);
        const task<> d = create_task(party());
        const task<> e = create_task(party());
        const task<> f = create_task(party());
        co_await pass_turns(3);
    });
    EXPECT_EQ(trace(), "broken broken through through through");
}

BEHAVIOUR(B200_aborting_a_barrier_fails_present_and_future_waits_until_reset) {
    run([&]() -> coro<void> {
        barrier b(2);
        const auto party = [&]() -> coro<void> { co_await b.wait(); };
        const task<> present = create_task(party());
        co_await yield_now();
        b.abort();
        EXPECT_TRUE(b.broken());
        co_await pass_turns(2);
        EXPECT_THROW(co_await present, broken_barrier_error);
        EXPECT_THROW(co_await b.wait(), broken_barrier_error);
        b.reset();
        EXPECT_FALSE(b.broken());
        const task<> again = create_task(party());
        co_await b.wait();
        co_await again;
    });
}

BEHAVIOUR(B201_cancelling_one_who_waits_at_a_barrier_lowers_the_count) {
    run([&]() -> coro<void> {
        barrier b(3);
        std::vector<std::size_t> indices;
        const auto party = [&]() -> coro<void> { indices.push_back(co_await b.wait()); };
        const task<> a = create_task(party());
        const task<> c = create_task(party());
        co_await yield_now();
        a.cancel();
        EXPECT_EQ(b.n_waiting(), 1u);
        const task<> d = create_task(party());
        co_await pass_turns(2);
        EXPECT_EQ(b.n_waiting(), 2u);
        EXPECT_FALSE(b.broken());
        indices.push_back(co_await b.wait());
        co_await pass_turns(2);
        EXPECT_THAT(indices, ::testing::UnorderedElementsAre(0, 1, 2));
        EXPECT_TRUE(a.cancelled());
    });
}

// ---- capacity limiter

BEHAVIOUR(B202_a_capacity_limiter_knows_its_borrowers_can_be_resized_and_is_fifo) {
    run([&]() -> coro<void> {
        capacity_limiter limiter(1);
        EXPECT_THROW(limiter.release(), std::runtime_error);
        co_await limiter.acquire();
        EXPECT_THROW(co_await limiter.acquire(), std::runtime_error);
        EXPECT_THROW(limiter.acquire_on_behalf_of_nowait("x"), would_block_error);
        EXPECT_EQ(limiter.borrowed_tokens(), 1u);

        const auto worker = [&](const char* name) -> coro<void> {
            co_await with(limiter, [&]() -> coro<void> {
                note(name);
                co_await sleep(1ms);
            });
        };
        std::vector<task<>> tasks;
        for (const char* name : {"a", "b", "c", "d"}) {
            tasks.push_back(create_task(worker(name)));
        }
        co_await yield_now();
        EXPECT_EQ(limiter.tasks_waiting(), 4u);
        limiter.set_total_tokens(3);
        co_await yield_now();
        EXPECT_EQ(trace(), "a b");
        limiter.set_total_tokens(1);
        EXPECT_EQ(limiter.available_tokens(), 0u);
        EXPECT_EQ(limiter.borrowed_tokens(), 3u);
        limiter.release();
        EXPECT_EQ(limiter.tasks_waiting(), 2u);  // still more borrowed than there are
        for (const task<>& t : tasks) {
            co_await t;
        }
        EXPECT_EQ(trace(), "a b c d");
        const int someone = 0;
        co_await limiter.acquire_on_behalf_of(&someone);
        EXPECT_THROW(limiter.release(), std::runtime_error);
        limiter.release_on_behalf_of(&someone);
        EXPECT_EQ(limiter.borrowed_tokens(), 0u);
        EXPECT_EQ(limiter.total_tokens(), 1u);
    });
}

// ---- several loops

BEHAVIOUR(B203_primitives_work_in_one_loop_after_the_other_and_refuse_two_at_once) {
    lock lk;
    queue<int> q(1);
    for (int round = 0; round < 2; ++round) {
        run([&]() -> coro<void> {
            const auto other = [&]() -> coro<void> {
                const auto guard = co_await lk.scoped();
                co_await q.put(round);
            };
            co_await lk.acquire();
            const task<> t = create_task(other());
            co_await yield_now();
            lk.release();
            EXPECT_EQ(co_await q.get(), round);
            co_await t;
        });
    }
    run([&]() -> coro<void> {
        const auto waiter = [&]() -> coro<void> { const auto guard = co_await lk.scoped(); };
        co_await lk.acquire();
        const task<> t = create_task(waiter());
        co_await yield_now();
        std::string error;
        std::thread elsewhere([&] {
            try {
                lk.release();
            } catch (const std::runtime_error& e) {
                error = e.what();
            }
        });
        elsewhere.join();
        EXPECT_THAT(error, ::testing::HasSubstr("runs in another thread"));
        std::string refused;
        std::thread second_loop([&] {
            try {
                rondo::run([](lock& l) -> coro<void> { co_await l.acquire(); }(lk));
            } catch (const std::runtime_error& e) {
                refused = e.what();
            }
        });
        second_loop.join();
        EXPECT_THAT(refused, ::testing::HasSubstr("another event loop"));
        lk.release();
        co_await t;
    });
    EXPECT_FALSE(lk.locked());
}
