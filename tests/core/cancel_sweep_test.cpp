// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// Like cancel_sweep, but what is cancelled is a scope around the scenario: a cancellation that
/// comes again at each await.
int scope_sweep(unique_function<coro<void>()> scenario, unique_function<void()> check) {
    for (int turn = 1;; ++turn) {
        auto loop = rondo::testing::make_sim_loop();
        cancel_scope scope;
        int suspensions = 0;
        core_of(*loop).engine().observe_steps([&](detail::task_core&) {
            if (scope.core().active() && ++suspensions == turn) {
                scope.cancel();
            }
        });
        const auto body = [&]() -> coro<void> {
            co_await with(scope, scenario);
            co_await sleep(1ms);  // nothing of the cancellation is left
        };
        rondo::testing::run_on(std::move(loop), body());
        check();
        if (suspensions < turn) {
            return turn - 1;
        }
    }
}

/// A scenario that is cancelled at every suspension, once by task::cancel() and once by a scope.
/// Leaks, hangs and errors other than the cancellation throw.
class cancel_sweeps : public ::testing::Test {
protected:
    template <class Scenario, class Check>
    void sweep(Scenario scenario, Check check) {
        const auto at_the_end = [&] {
            EXPECT_EQ(alive, 0);
            check();
        };
        EXPECT_GT(rondo::testing::cancel_sweep([&] { return scenario(); }, at_the_end), 2);
        EXPECT_GT(scope_sweep([&] { return scenario(); }, at_the_end), 2);
    }
    template <class Scenario>
    void sweep(Scenario scenario) {
        sweep(std::move(scenario), [] {});
    }

    /// Counts the coroutines that have not ended.
    class living {
    public:
        explicit living(cancel_sweeps& in) noexcept : count_(in.alive) { ++count_; }
        living(const living&) = delete;
        living& operator=(const living&) = delete;
        ~living() { --count_; }

    private:
        int& count_;
    };

    /// Works for a while, and cleans up for a while whatever happens.
    coro<int> work(int ms) {
        const living here(*this);
        co_await finally_(rest(ms), [this]() -> coro<void> {
            const living there(*this);
            co_await sleep(1ms);
            ++cleaned_up;
        });
        co_return ms;
    }
    static coro<void> rest(int ms) {
        co_await sleep(std::chrono::milliseconds(ms));
        co_await yield_now();
    }
    /// Runs `body` and expects that nothing is alive as soon as it ends, however it ends.
    template <class F>
    coro<void> leaves_nothing(F body) {
        const auto end = co_await as_outcome(body());
        EXPECT_EQ(alive, 0);
        end.value();
    }

    int alive = 0;
    int cleaned_up = 0;
};

}  // namespace

TEST_F(cancel_sweeps, gather) {
    sweep([&]() -> coro<void> {
        const auto body = [&]() -> coro<void> {
            const auto [a, b, c] = co_await gather(work(1), work(2), work(3));
            EXPECT_EQ(a + b + c, 6);
        };
        co_await leaves_nothing(body);
    });
}

TEST_F(cancel_sweeps, gather_of_tasks_and_of_failures) {
    sweep([&]() -> coro<void> {
        const auto fails = []() -> coro<void> {
            co_await sleep(2ms);
            throw std::runtime_error("expected");
        };
        const task<int> other = create_task(work(5));
        try {
            co_await gather(other, fails(), work(9));
            ADD_FAILURE();
        } catch (const std::runtime_error&) {
        }
        co_await gather(return_exceptions, fails(), work(1));
    });
}

TEST_F(cancel_sweeps, wait) {
    sweep([&]() -> coro<void> {
        const std::vector tasks{create_task(work(1)), create_task(work(4))};
        co_await wait(tasks, {.timeout = 2ms, .return_when = all_completed});
        co_await wait(tasks, {.return_when = first_completed});
        co_await wait(tasks);
    });
}

TEST_F(cancel_sweeps, race) {
    sweep([&]() -> coro<void> {
        const auto body = [&]() -> coro<void> {
            const auto winner = co_await race(work(9), work(1), work(2));
            EXPECT_EQ(winner.index(), 1u);
        };
        co_await leaves_nothing(body);
    });
}

TEST_F(cancel_sweeps, shield) {
    sweep([&]() -> coro<void> {
        const task<int> inner = create_task(work(2));
        EXPECT_EQ(co_await shield(inner), 2);
        co_await shield(work(1));
    });
}

TEST_F(cancel_sweeps, wait_for) {
    sweep([&]() -> coro<void> {
        const auto body = [&]() -> coro<void> {
            EXPECT_EQ(co_await wait_for(work(1), 1h), 1);
            EXPECT_EQ(co_await wait_for(create_task(work(1)), 1h), 1);
            try {
                co_await wait_for(work(9), 2ms);
                ADD_FAILURE();
            } catch (const timeout_error&) {
            }
        };
        const auto end = co_await as_outcome(body());
        end.value();
    });
}

TEST_F(cancel_sweeps, nested_timeouts) {
    sweep([&]() -> coro<void> {
        const auto inner = [&]() -> coro<void> { co_await work(50); };
        const auto middle = [&]() -> coro<void> {
            const bool finished = co_await move_on_after(2ms, inner);
            EXPECT_FALSE(finished);
            co_await work(1);
            co_await with(timeout(2ms), inner);
        };
        const auto outer = [&]() -> coro<void> {
            try {
                co_await with(timeout(1h), middle);
                ADD_FAILURE();
            } catch (const timeout_error&) {
            }
        };
        co_await leaves_nothing(outer);
    });
}

TEST_F(cancel_sweeps, task_groups_that_nest_and_start) {
    sweep([&]() -> coro<void> {
        const auto service = [this](task_status<int> status) -> coro<void> {
            const living here(*this);
            co_await sleep(1ms);
            status.started(7);
            co_await work(3);
        };
        const auto inner = [&](task_group& tg) -> coro<void> {
            EXPECT_EQ(co_await tg.start<int>(service), 7);
            tg.create_task(work(2));
        };
        const auto outer = [&](task_group& tg) -> coro<void> {
            tg.create_task(work(1));
            co_await with(task_group(), inner);
            tg.create_task(work(1));
        };
        const auto body = [&]() -> coro<void> { co_await with(task_group(), outer); };
        co_await leaves_nothing(body);
    });
}

TEST_F(cancel_sweeps, task_group_with_a_failing_child) {
    sweep([&]() -> coro<void> {
        const auto fails = []() -> coro<void> {
            co_await sleep(1ms);
            throw std::runtime_error("expected");
        };
        const auto group = [&](task_group& tg) -> coro<void> {
            tg.create_task(work(5));
            tg.create_task(fails());
            co_await work(9);
        };
        const auto body = [&]() -> coro<void> {
            try {
                co_await with(task_group(), group);
                ADD_FAILURE();
            } catch (const exception_group& errors) {
                EXPECT_EQ(errors.exceptions().size(), 1u);
            }
        };
        co_await leaves_nothing(body);
    });
}

TEST_F(cancel_sweeps, map_concurrent) {
    sweep([&]() -> coro<void> {
        const auto body = [&]() -> coro<void> {
            const std::vector items{1, 2, 3, 4, 5};
            const auto results = co_await map_concurrent(items, [&](int n) { return work(n); }, 2);
            EXPECT_EQ(results, items);
        };
        co_await leaves_nothing(body);
    });
}

TEST_F(cancel_sweeps, as_completed) {
    sweep([&]() -> coro<void> {
        const std::vector tasks{create_task(work(3)), create_task(work(1))};
        auto finished = as_completed(tasks, 1h);
        while (const auto t = co_await finished.next()) {
            co_await yield_now();
        }
    });
}

TEST_F(cancel_sweeps, staggered_race) {
    sweep([&]() -> coro<void> {
        std::vector<unique_function<coro<int>()>> starts;
        starts.emplace_back([this] { return work(9); });
        starts.emplace_back([this] { return work(2); });
        const auto body = [&]() -> coro<void> {
            const auto result = co_await staggered_race(std::move(starts), 2ms);
            EXPECT_EQ(result.index, 1u);
        };
        co_await leaves_nothing(body);
    });
}

TEST_F(cancel_sweeps, async_generators) {
    sweep([&]() -> coro<void> {
        const auto numbers = [this]() -> async_generator<int> {
            const living here(*this);
            for (int i = 0; i < 3; ++i) {
                co_await work(1);
                co_yield i;
            }
        };
        int sum = 0;
        const auto body = [&](async_generator<int>& from) -> coro<void> {
            while (const auto n = co_await from.next()) {
                sum += *n;
            }
        };
        co_await with(numbers(), body);
        EXPECT_EQ(sum, 3);
    });
}

TEST_F(cancel_sweeps, exit_stacks_and_deferred_cleanup) {
    int acquired = 0;
    int released = 0;
    sweep(
        [&]() -> coro<void> {
            acquired = released = 0;
            const auto resource = [&]() -> context_manager<int> {
                ++acquired;
                int value = acquired;
                co_yield value;
                co_await sleep(1ms);
                ++released;
            };
            const auto body = [&](int&) -> coro<void> { co_await work(1); };
            co_await with(resource(), body);
            co_await with(resource(), body);
        },
        [&] { EXPECT_EQ(acquired, released); });
}

// ---- nothing that was handed over is lost

TEST_F(cancel_sweeps, queue_items_are_never_lost) {
    int made = 0;
    int used = 0;
    std::size_t left = 0;
    sweep(
        [&]() -> coro<void> {
            made = used = 0;
            queue<int> items(1);
            const auto produces = [&]() -> coro<void> {
                for (int i = 0; i < 4; ++i) {
                    co_await items.put(i);
                    ++made;
                }
            };
            const auto consumes = [&]() -> coro<void> {
                for (int i = 0; i < 2; ++i) {
                    co_await items.get();
                    ++used;
                    co_await yield_now();
                }
            };
            const auto body = [&]() -> coro<void> {
                co_await gather(produces(), consumes(), consumes());
            };
            const auto end = co_await as_outcome(body());
            left = items.qsize();
            end.value();
        },
        [&] { EXPECT_EQ(made, used + static_cast<int>(left)); });
}

TEST_F(cancel_sweeps, a_queue_item_that_races_with_a_timeout_is_never_lost) {
    int used = 0;
    std::size_t left = 0;
    sweep(
        [&]() -> coro<void> {
            used = 0;
            queue<int> items;
            for (int i = 1; i <= 3; ++i) {
                get_running_loop().call_later(std::chrono::milliseconds(i),
                                              [&items, i] { items.put_nowait(i); });
            }
            const auto body = [&]() -> coro<void> {
                for (int i = 0; i < 4; ++i) {
                    const auto takes = [&]() -> coro<void> {
                        co_await items.get();
                        ++used;
                    };
                    co_await move_on_after(1ms, takes);
                }
            };
            const auto end = co_await as_outcome(body());
            const auto settle = []() -> coro<void> { co_return; };
            co_await finally_(settle, []() -> coro<void> { co_await sleep(9ms); });
            left = items.qsize();
            end.value();
        },
        [&] { EXPECT_EQ(used + static_cast<int>(left), 3); });
}

TEST_F(cancel_sweeps, locks_and_semaphores_are_given_back) {
    bool free_at_the_end = false;
    sweep(
        [&]() -> coro<void> {
            lock mutex;
            semaphore permits(2);
            const auto user = [&]() -> coro<void> {
                const auto permit = co_await permits.scoped();
                co_await yield_now();
                const auto held = co_await mutex.scoped();
                co_await sleep(1ms);
            };
            const auto body = [&]() -> coro<void> {
                co_await gather(user(), user(), user(), user());
            };
            const auto end = co_await as_outcome(body());
            free_at_the_end = !mutex.locked() && !permits.locked();
            end.value();
        },
        [&] { EXPECT_TRUE(free_at_the_end); });
}

TEST_F(cancel_sweeps, conditions_keep_their_lock) {
    sweep([&]() -> coro<void> {
        condition changed;
        bool ready = false;
        const auto waits = [&]() -> coro<void> {
            co_await changed.acquire();
            const auto end = co_await as_outcome(changed.wait_for([&] { return ready; }));
            EXPECT_TRUE(changed.locked());
            changed.release();
            end.value();
        };
        const auto sets = [&]() -> coro<void> {
            co_await sleep(1ms);
            co_await changed.acquire();
            ready = true;
            changed.notify_all();
            changed.release();
        };
        const auto body = [&]() -> coro<void> { co_await gather(waits(), waits(), sets()); };
        const auto end = co_await as_outcome(body());
        EXPECT_FALSE(changed.locked());
        end.value();
    });
}

TEST_F(cancel_sweeps, channels_lose_nothing) {
    int sent = 0;
    int received = 0;
    sweep(
        [&]() -> coro<void> {
            sent = received = 0;
            auto [to, from] = open_channel<int>(0);
            const auto sends = [&]() -> coro<void> {
                for (int i = 0; i < 3; ++i) {
                    co_await to.send(i);
                    ++sent;
                }
                to.close();
            };
            const auto receives = [&]() -> coro<void> {
                while (co_await from.receive()) {
                    ++received;
                    co_await yield_now();
                }
            };
            co_await gather(sends(), receives());
            EXPECT_EQ(received, 3);
        },
        // An item that was received counts as sent, though its sender may be cancelled right after.
        [&] { EXPECT_LE(sent, received); });
}
