// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/threads/run_on_loops.hpp>
#include <rondo/threads/sharded.hpp>
#include <rondo/threads/submit_to.hpp>

#include <atomic>
#include <set>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

/// Where the first member waits until the second has something to say.
class meeting {
public:
    void arrive() { arrived_ = true; }
    coro<void> wait() const {
        while (!arrived_) {
            co_await sleep(1ms);
        }
    }

private:
    std::atomic<bool> arrived_{false};
};

coro<std::string> twice(std::string text) {
    co_await yield_now();
    co_return text + text;
}

coro<void> forever() { co_await sleep(1h); }

}  // namespace

TEST(run_on_loops, each_loop_has_a_thread_and_knows_its_place) {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    std::vector<std::size_t> places;
    run_on_loops(3, [&](const loop_place& here) -> coro<void> {
        EXPECT_EQ(here.count(), 3u);
        EXPECT_EQ(&here.loop(here.index()), &get_running_loop());
        const std::scoped_lock lock(mutex);
        threads.insert(std::this_thread::get_id());
        places.push_back(here.index());
        co_return;
    });
    EXPECT_EQ(threads.size(), 3u);
    EXPECT_TRUE(threads.contains(std::this_thread::get_id()));
    EXPECT_THAT(places, testing::UnorderedElementsAre(0, 1, 2));
}

TEST(run_on_loops, what_takes_no_place_is_run_as_well) {
    std::atomic<int> runs{0};
    const auto count = [&]() -> coro<void> {
        ++runs;
        co_return;
    };
    run_on_loops(2, count, {.pin = false});
    EXPECT_EQ(runs, 2);
}

TEST(run_on_loops, the_first_error_cancels_the_others_and_is_thrown) {
    std::atomic<int> at_work{0};
    std::atomic<int> cancelled{0};
    const auto work = [&](const loop_place& here) -> coro<void> {
        if (here.index() == 1) {
            while (at_work < 2) {
                co_await sleep(1ms);
            }
            throw std::runtime_error("the second gives up");
        }
        try {
            ++at_work;
            co_await forever();
        } catch (const cancelled_error&) {
            ++cancelled;
            throw;
        }
    };
    EXPECT_THAT([&] { run_on_loops(3, work); },
                ThrowsMessage<std::runtime_error>(HasSubstr("the second gives up")));
    EXPECT_EQ(cancelled, 2);
}

TEST(run_on_loops, bad_use_is_refused_by_name) {
    EXPECT_THAT([] { run_on_loops(0, forever); },
                ThrowsMessage<std::invalid_argument>(HasSubstr("at least one")));
    run([]() -> coro<void> {
        EXPECT_THAT([] { run_on_loops(1, forever); },
                    ThrowsMessage<std::runtime_error>(HasSubstr("while a loop runs")));
        co_return;
    });
    run_on_loops(1, [](const loop_place& here) -> coro<void> {
        EXPECT_THAT([&] { here.loop(1); },
                    ThrowsMessage<std::out_of_range>(HasSubstr("there is no loop 1")));
        co_return;
    });
}

TEST(submit_to, runs_there_and_brings_the_result_home) {
    meeting done;
    run_on_loops(2, [&](const loop_place& here) -> coro<void> {
        if (here.index() == 1) {
            co_await done.wait();
            co_return;
        }
        std::thread::id there;
        const auto where = [&]() -> coro<void> {
            there = std::this_thread::get_id();
            co_return;
        };
        co_await submit_to(here.loop(1), where);
        EXPECT_NE(there, std::this_thread::get_id());
        EXPECT_EQ(co_await submit_to(here.loop(1), twice, std::string("ab")), "abab");
        EXPECT_EQ(co_await submit_to(here.loop(0), twice, std::string("x")), "xx");
        done.arrive();
    });
}

TEST(submit_to, errors_come_home) {
    meeting done;
    const auto fail = []() -> coro<int> {
        throw std::invalid_argument("not there");
        co_return 0;
    };
    run_on_loops(2, [&](const loop_place& here) -> coro<void> {
        if (here.index() == 1) {
            co_await done.wait();
            co_return;
        }
        std::string said;
        try {
            co_await submit_to(here.loop(1), fail);
        } catch (const std::invalid_argument& e) {
            said = e.what();
        }
        EXPECT_EQ(said, "not there");
        done.arrive();
    });
}

TEST(submit_to, a_cancellation_is_passed_on_and_waits_for_the_end_there) {
    meeting done;
    std::atomic<bool> cleaned_up{false};
    const auto clean_up = [&]() -> coro<void> {
        co_await sleep(5ms);
        cleaned_up = true;
    };
    const auto work = [&]() -> coro<void> { co_await finally_(forever(), clean_up); };
    run_on_loops(2, [&](const loop_place& here) -> coro<void> {
        if (here.index() == 1) {
            co_await done.wait();
            co_return;
        }
        bool timed_out = false;
        try {
            co_await wait_for(submit_to(here.loop(1), work), 10ms);
        } catch (const timeout_error&) {
            timed_out = true;
        }
        EXPECT_TRUE(timed_out);
        EXPECT_TRUE(cleaned_up);
        done.arrive();
    });
}

TEST(submit_to, a_result_wins_over_a_cancellation_which_the_next_await_delivers) {
    meeting done;
    threadsafe_event started;
    const auto stubborn = [&]() -> coro<int> {
        started.set();
        try {
            co_await forever();
        } catch (const cancelled_error&) {
        }
        co_return 5;
    };
    run_on_loops(2, [&](const loop_place& here) -> coro<void> {
        if (here.index() == 1) {
            co_await done.wait();
            co_return;
        }
        int got = 0;
        const auto ask = [&]() -> coro<void> {
            got = co_await submit_to(here.loop(1), stubborn);
            co_await yield_now();
            got = -1;
        };
        const auto t = create_task(ask);
        co_await started.wait();
        t.cancel();
        const std::vector<task<void>> asking{t};
        co_await wait(asking);
        EXPECT_TRUE(t.cancelled());
        EXPECT_EQ(got, 5);
        done.arrive();
    });
}

TEST(submit_to, a_closed_loop_is_an_error) {
    run_on_loops(2, [](const loop_place& here) -> coro<void> {
        if (here.index() == 1) {
            co_return;
        }
        while (!here.loop(1).is_closed()) {
            co_await sleep(1ms);
        }
        std::string said;
        try {
            co_await submit_to(here.loop(1), twice, std::string("ab"));
        } catch (const std::runtime_error& e) {
            said = e.what();
        }
        EXPECT_THAT(said, HasSubstr("the event loop is closed"));
    });
}

TEST(submit_to, two_loops_that_ask_each_other_get_every_answer) {
    constexpr int questions = 200;
    std::atomic<int> finished{0};
    run_on_loops(2, [&](const loop_place& here) -> coro<void> {
        for (int i = 0; i < questions; ++i) {
            auto answer = co_await submit_to(here.loop(1 - here.index()), twice, std::to_string(i));
            EXPECT_EQ(answer, std::to_string(i) + std::to_string(i));
        }
        ++finished;
        while (finished < 2) {
            co_await sleep(1ms);
        }
    });
}

TEST(sharded, each_loop_has_its_own_and_asks_for_the_others) {
    sharded<std::string> names(2);
    std::atomic<int> made{0};
    std::atomic<int> read{0};
    run_on_loops(2, [&](const loop_place& here) -> coro<void> {
        names.emplace(here, "loop " + std::to_string(here.index()));
        ++made;
        while (made < 2) {
            co_await sleep(1ms);
        }
        EXPECT_EQ(names.local(here), "loop " + std::to_string(here.index()));
        const auto size = [](std::string& s) { return s.size(); };
        EXPECT_EQ(co_await names.invoke_on(here, 1 - here.index(), size), 6u);
        const auto copy = [](std::string& s) { return s; };
        EXPECT_THAT(co_await names.map(here, copy), ElementsAre("loop 0", "loop 1"));
        ++read;
        while (read < 2) {
            co_await sleep(1ms);
        }
        names.reset(here);
        EXPECT_THAT([&] { names.local(here); },
                    ThrowsMessage<std::runtime_error>(HasSubstr("call emplace first")));
    });
}
