// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <algorithm>
#include <stdexcept>

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

// ---- lock

BEHAVIOUR(B182_acquiring_a_free_lock_does_not_suspend_and_release_wakes_the_first_waiter) {
    run([&]() -> coro<void> {
        lock lk;
        get_running_loop().call_soon([this] { note("turn"); });
        co_await lk.acquire();
        note("acquired");
        const auto waiter = [&](const char* name) -> coro<void> {
            co_await lk.acquire();
            note(name);
        };
        const task<> a = create_task(waiter("a"));
        const task<> b = create_task(waiter("b"));
        co_await yield_now();
        lk.release();
        EXPECT_TRUE(lk.locked());
        co_await pass_turns(3);
        EXPECT_EQ(trace(), "acquired turn a");
        lk.release();
        co_await b;
        lk.release();
        EXPECT_FALSE(lk.locked());
    });
    EXPECT_EQ(trace(), "acquired turn a b");
}

BEHAVIOUR(B183_a_lock_is_fifo_and_nobody_barges_in_while_others_wait) {
    run([&]() -> coro<void> {
        lock lk;
        const auto hog = [&]() -> coro<void> {
            for (const char* name : {"h1", "h2"}) {
                co_await lk.acquire();
                note(name);
                co_await yield_now();
                lk.release();
            }
        };
        const auto waiter = [&](const char* name) -> coro<void> {
            const auto guard = co_await lk.scoped();
            note(name);
        };
        const task<> first = create_task(hog());
        const task<> second = create_task(waiter("1"));
        const task<> third = create_task(waiter("2"));
        co_await first;
    });
    EXPECT_EQ(trace(), "h1 1 2 h2");
    EXPECT_EQ(trace(), twin("lock_hog"));
}

BEHAVIOUR(B184_a_cancelled_waiter_leaves_the_queue_and_the_next_one_is_chosen) {
    run([&]() -> coro<void> {
        lock lk;
        const auto waiter = [&](const std::string name) -> coro<void> {
            const auto guard = co_await lk.scoped();
            note(name);
            co_await yield_now();
            note(name + "-ends");
        };
        co_await lk.acquire();
        const task<> a = create_task(waiter("a"));
        const task<> b = create_task(waiter("b"));
        const task<> c = create_task(waiter("c"));
        co_await yield_now();
        a.cancel();    // it waits: it leaves
        lk.release();  // so b has it
        b.cancel();    // too late: b is cancelled at its next await, and passes the lock on
        co_await c;
        EXPECT_EQ(end_of_handle(a), "cancelled");
        EXPECT_EQ(end_of_handle(b), "cancelled");
        EXPECT_FALSE(lk.locked());
    });
    EXPECT_EQ(trace(), "b c c-ends");
}

BEHAVIOUR(B185_releasing_an_unlocked_lock_fails) {
    lock lk;
    EXPECT_THROW(lk.release(), std::runtime_error);
    run([&]() -> coro<void> {
        co_await with(lk, [&]() -> coro<void> {
            EXPECT_TRUE(lk.locked());
            co_return;
        });
    });
    EXPECT_THROW(lk.release(), std::runtime_error);
}

BEHAVIOUR(B186_cancel_and_release_in_one_pass_neither_lose_the_lock_nor_give_it_twice) {
    for (int order = 0; order < 8; ++order) {
        run([&]() -> coro<void> {
            lock lk;
            int holders = 0;
            int most = 0;
            const auto waiter = [&]() -> coro<void> {
                const auto guard = co_await lk.scoped();
                most = std::max(most, ++holders);
                const auto leaving =
                    std::unique_ptr<int, void (*)(int*)>(&holders, [](int* count) { --*count; });
                co_await pass_turns(2);
            };
            co_await lk.acquire();
            const task<> tasks[] = {create_task(waiter()), create_task(waiter()),
                                    create_task(waiter())};
            co_await yield_now();
            if ((order & 1) != 0) {
                tasks[0].cancel();
            }
            lk.release();
            if ((order & 2) != 0) {
                tasks[0].cancel();
            }
            if ((order & 4) != 0) {
                tasks[1].cancel();
            }
            co_await pass_turns(12);
            for (const task<>& t : tasks) {
                EXPECT_TRUE(t.done()) << order;
            }
            EXPECT_EQ(most, 1) << order;
            EXPECT_FALSE(lk.locked()) << order;
        });
    }
}

// ---- event

BEHAVIOUR(B187_setting_an_event_wakes_all_in_order_and_clear_arms_it_again) {
    run([&]() -> coro<void> {
        event e;
        const auto waiter = [&](const char* name) -> coro<void> {
            co_await e.wait();
            note(name);
        };
        const task<> a = create_task(waiter("a"));
        const task<> b = create_task(waiter("b"));
        co_await yield_now();
        e.set();
        e.clear();  // those who were woken go on all the same
        EXPECT_FALSE(e.is_set());
        co_await yield_now();
        e.set();
        get_running_loop().call_soon([this] { note("turn"); });
        co_await e.wait();
        note("at-once");
        e.clear();
        const task<> c = create_task(waiter("c"));
        co_await pass_turns(3);
        EXPECT_FALSE(c.done());
        e.set();
        co_await c;
    });
    EXPECT_EQ(trace(), "a b at-once turn c");
    EXPECT_EQ(trace(), twin("event"));
}

// ---- condition

BEHAVIOUR(B188_waiting_and_notifying_need_the_lock) {
    run([&]() -> coro<void> {
        condition c;
        EXPECT_THROW(co_await c.wait(), std::runtime_error);
        EXPECT_THROW(c.notify(), std::runtime_error);
        EXPECT_THROW(c.notify_all(), std::runtime_error);
        const auto guard = co_await c.scoped();
        c.notify();
        c.notify_all();
    });
}

BEHAVIOUR(B189_a_condition_acquires_its_lock_again_even_when_cancelled) {
    run([&]() -> coro<void> {
        condition c;
        const auto waiter = [&]() -> coro<void> {
            co_await c.acquire();
            try {
                co_await c.wait();
            } catch (const cancelled_error&) {
                note(c.locked() ? "cancelled-with-lock" : "cancelled-without");
                c.release();
                throw;
            }
        };
        const task<> t = create_task(waiter());
        co_await yield_now();
        co_await c.acquire();
        t.cancel();
        co_await pass_turns(2);
        t.cancel();  // it goes on acquiring
        co_await pass_turns(2);
        EXPECT_FALSE(t.done());
        note("release");
        c.release();
        co_await pass_turns(2);
        EXPECT_TRUE(t.cancelled());
        EXPECT_FALSE(c.locked());

        const task<> free = create_task(waiter());
        co_await yield_now();
        free.cancel();
        EXPECT_TRUE(c.locked());  // it took the free lock at once
        co_await pass_turns(2);
        EXPECT_TRUE(free.cancelled());
        EXPECT_FALSE(c.locked());
    });
    EXPECT_EQ(trace(), "release cancelled-with-lock cancelled-with-lock");
}

BEHAVIOUR(B190_notify_wakes_so_many_and_wait_for_waits_for_its_predicate) {
    run([&]() -> coro<void> {
        condition c;
        int ready = 0;
        const auto waiter = [&](int number) -> coro<void> {
            const auto guard = co_await c.scoped();
            co_await c.wait();
            note(std::to_string(number));
        };
        std::vector<task<>> tasks;
        for (int number = 1; number <= 6; ++number) {
            tasks.push_back(create_task(waiter(number)));
        }
        const auto notify = [&](std::size_t n) -> coro<void> {
            {
                const auto guard = co_await c.scoped();
                c.notify(n);
            }
            co_await pass_turns(10);
            note("|");
        };
        co_await yield_now();
        co_await notify(1);
        co_await notify(2);
        co_await notify(0);
        co_await notify(2048);
        const auto predicate = [&]() -> coro<void> {
            const auto guard = co_await c.scoped();
            const int seen = co_await c.wait_for([&] { return ready; });
            note("ready=" + std::to_string(seen));
        };
        const task<> p = create_task(predicate());
        co_await yield_now();
        co_await notify(1);  // in vain
        ready = 7;
        co_await notify(1);
        EXPECT_TRUE(p.done());
    });
    EXPECT_EQ(trace(), "1 | 2 3 | | 4 5 6 | | ready=7 |");
    EXPECT_EQ(trace(), twin("condition_notify"));
}

BEHAVIOUR(B191_who_is_cancelled_after_being_notified_passes_the_notification_on) {
    run([&]() -> coro<void> {
        condition c;
        const auto waiter = [&](const char* name) -> coro<void> {
            const auto guard = co_await c.scoped();
            co_await c.wait();
            note(name);
        };
        const task<> a = create_task(waiter("a"));
        const task<> b = create_task(waiter("b"));
        const task<> c_task = create_task(waiter("c"));
        co_await yield_now();
        co_await c.acquire();
        c.notify();
        a.cancel();  // notified, and waiting for the lock
        c.release();
        co_await pass_turns(5);
        EXPECT_TRUE(a.cancelled());
        EXPECT_EQ(end_of_handle(b), "value");
        EXPECT_FALSE(c_task.done());
        EXPECT_EQ(trace(), "b");

        co_await c.acquire();
        c.notify();
        c.release();      // the notified one is given the lock here
        c_task.cancel();  // too late: it was notified, and ends well
        co_await pass_turns(5);
        EXPECT_EQ(end_of_handle(c_task), "value");
        EXPECT_EQ(trace(), "b c");
    });
}

BEHAVIOUR(B192_a_condition_shares_the_lock_that_it_is_given_and_refuses_that_of_another_loop) {
    lock shared;
    condition c(shared);
    auto other = make_loop();
    run([&]() -> coro<void> {
        const auto guard = co_await shared.scoped();
        EXPECT_TRUE(c.locked());
        c.notify();
        co_return;
    });
    task<> waiting;
    const auto in_other_loop = [&]() -> coro<void> {
        co_await shared.acquire();
        waiting = create_task([](lock& lk) -> coro<void> { co_await lk.acquire(); }(shared));
        co_await yield_now();
    };
    other->run_until_complete(in_other_loop());
    run([&]() -> coro<void> {
        EXPECT_THROW(co_await c.acquire(), std::runtime_error);
        co_return;
    });
    shared.release();
    other->run_until_complete(waiting);
    EXPECT_TRUE(shared.locked());
}

// ---- semaphore

BEHAVIOUR(B193_a_semaphore_starts_at_its_value_and_locked_looks_at_who_waits) {
    EXPECT_THROW(semaphore(-1), std::invalid_argument);
    run([&]() -> coro<void> {
        semaphore s(0);
        EXPECT_TRUE(s.locked());
        const auto waiter = [&]() -> coro<void> { co_await s.acquire(); };
        const task<> a = create_task(waiter());
        const task<> b = create_task(waiter());
        co_await yield_now();
        EXPECT_FALSE(a.done());
        s.release();
        EXPECT_TRUE(s.locked());  // the permit is the waiter's
        co_await a;
        s.release();
        co_await b;
        s.release();
        EXPECT_FALSE(s.locked());
        co_await with(s, [&]() -> coro<void> {
            EXPECT_TRUE(s.locked());
            co_return;
        });
        EXPECT_FALSE(s.locked());
    });
}

BEHAVIOUR(B194_a_semaphore_is_fifo_in_four_patterns_of_cancel_and_release) {
    // What happens at one moment to three who wait while three more arrive: C cancels the first, R
    // releases.
    for (const std::string pattern : {"RR", "CR", "RC", "CRCR"}) {
        run([&]() -> coro<void> {
            semaphore s(0);
            std::string got;
            const auto waiter = [&](char name) -> coro<void> {
                co_await s.acquire();
                got += name;
            };
            std::vector<task<>> tasks;
            for (const char name : {'1', '2', '3'}) {
                tasks.push_back(create_task(waiter(name)));
            }
            co_await yield_now();
            for (const char name : {'4', '5', '6'}) {
                tasks.push_back(create_task(waiter(name)));
            }
            std::size_t next = 0;
            std::ptrdiff_t permits = 0;
            for (const char step : pattern) {
                if (step == 'C') {
                    tasks[next++].cancel();
                } else {
                    s.release();
                    ++permits;
                }
            }
            co_await pass_turns(4);
            EXPECT_EQ(static_cast<std::ptrdiff_t>(got.size()), permits) << pattern;
            for (; permits < 6; ++permits) {
                s.release();
            }
            co_await pass_turns(4);
            std::string expected = "123456";
            if (pattern == "CR") {
                expected = "23456";
            } else if (pattern == "CRCR") {
                expected = "23456";  // the second cancel comes after 2 was given its permit
            }
            EXPECT_EQ(got, expected) << pattern;
            EXPECT_EQ(s.locked(), expected.size() == 6) << pattern;
            for (const task<>& t : tasks) {
                EXPECT_TRUE(t.done()) << pattern;
            }
        });
    }
}

BEHAVIOUR(B195_a_waiter_cancelled_before_it_is_woken_leaves_the_count_right) {
    run([&]() -> coro<void> {
        semaphore s(1);
        co_await s.acquire();
        const auto waiter = [&]() -> coro<void> { const auto permit = co_await s.scoped(); };
        const task<> a = create_task(waiter());
        const task<> b = create_task(waiter());
        co_await yield_now();
        a.cancel();
        s.release();
        co_await b;
        EXPECT_TRUE(a.cancelled());
        EXPECT_FALSE(s.locked());
        co_await s.acquire();
        EXPECT_TRUE(s.locked());
    });
}

BEHAVIOUR(B196_releasing_a_bounded_semaphore_too_often_fails) {
    run([&]() -> coro<void> {
        bounded_semaphore s(1);
        EXPECT_THROW(s.release(), std::invalid_argument);
        co_await s.acquire();
        s.release();
        EXPECT_THROW(s.release(), std::invalid_argument);
        semaphore grows(1);
        grows.release();
        co_await grows.acquire();
        EXPECT_FALSE(grows.locked());
    });
}

BEHAVIOUR(a_cancelled_wait_for_a_condition_that_was_not_notified_wakes_nobody) {
    run([&]() -> coro<void> {
        condition changed;
        const auto waits = [&](const char* who) -> coro<void> {
            const auto held = co_await changed.scoped();
            bool woken = false;
            try {
                co_await changed.wait();
                woken = true;
            } catch (const cancelled_error&) {
            }
            note(std::string(who) + (woken ? "-woken" : "-cancelled"));
        };
        const task<> a = create_task(waits("a"));
        const task<> b = create_task(waits("b"));
        co_await sleep(1ms);
        a.cancel();
        co_await sleep(1ms);
        note("notify");
        {
            const auto held = co_await changed.scoped();
            changed.notify();
        }
        co_await b;
    });
    EXPECT_EQ(trace(), "a-cancelled notify b-woken");
}
