// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;
using rondo_test::name_of;

namespace {

using start = coro<int> (*)();

coro<int> succeeds() {
    co_await yield_now();
    co_return 1;
}
coro<int> fails() {
    co_await yield_now();
    throw std::runtime_error("bad");
}
coro<int> hangs() {
    co_await sleep(1h);
    co_return 0;
}

std::string summary(const staggered_result<int>& r) {
    std::string text = r.index ? std::to_string(*r.index) + "=" + std::to_string(*r.value) : "none";
    for (const std::exception_ptr& error : r.exceptions) {
        text += "/" + (error ? name_of(error) : "-");
    }
    return text;
}

}  // namespace

BEHAVIOUR(B267_a_staggered_race_of_nothing_has_no_winner) {
    run([&]() -> coro<void> {
        const std::vector<start> none;
        note(summary(co_await staggered_race(none, 1ms)));
    });
    EXPECT_EQ(trace(), "none");
}

BEHAVIOUR(B267_the_first_success_wins_and_the_others_never_start) {
    run([&]() -> coro<void> {
        const std::vector<start> starts{succeeds, hangs};
        note(summary(co_await staggered_race(starts, 1h)));
    });
    EXPECT_EQ(trace(), "0=1/-");
}

BEHAVIOUR(B267_a_failure_starts_the_next_at_once) {
    run([&]() -> coro<void> {
        const std::vector<start> starts{fails, succeeds};
        note(summary(co_await staggered_race(starts, 1h)));
        note(summary(co_await staggered_race(starts, std::nullopt)));
    });
    EXPECT_EQ(trace(), "1=1/bad/- 1=1/bad/-");
}

BEHAVIOUR(B267_the_delay_starts_the_next_and_the_loser_is_cancelled_and_waited_for) {
    run([&]() -> coro<void> {
        std::vector<unique_function<coro<int>()>> starts;
        starts.emplace_back([this]() -> coro<int> {
            co_await finally_(hangs(), [this]() -> coro<void> {
                co_await sleep(1ms);
                note("cleaned-up");
            });
            co_return 0;
        });
        starts.emplace_back(succeeds);
        const time_point before = get_running_loop().time();
        note(summary(co_await staggered_race(std::move(starts), 3ms)));
        EXPECT_GE(get_running_loop().time() - before, 4ms);
    });
    EXPECT_EQ(trace(), "cleaned-up 1=1/cancelled/-");
}

BEHAVIOUR(B267_an_early_failure_of_another_than_the_last_does_not_start_the_next) {
    run([&]() -> coro<void> {
        std::vector<unique_function<coro<int>()>> starts;
        starts.emplace_back([this]() -> coro<int> {
            co_await sleep(60ms);  // between the starts of the second and the third
            note("first-fails");
            throw std::runtime_error("bad");
        });
        starts.emplace_back([this]() -> coro<int> {
            note("second");
            co_await sleep(1h);
            co_return 0;
        });
        starts.emplace_back([this]() -> coro<int> {
            note("third");
            co_return 3;
        });
        note(summary(co_await staggered_race(std::move(starts), 40ms)));
    });
    EXPECT_EQ(trace(), "second first-fails third 2=3/bad/cancelled/-");
}

BEHAVIOUR(B267_when_all_fail_there_is_no_winner) {
    run([&]() -> coro<void> {
        const std::vector<start> starts{fails, fails};
        note(summary(co_await staggered_race(starts, 1h)));
    });
    EXPECT_EQ(trace(), "none/bad/bad");
}

BEHAVIOUR(B267_cancelling_the_race_cancels_what_runs_and_waits_for_it) {
    run([&]() -> coro<void> {
        std::vector<unique_function<coro<int>()>> starts;
        for (int i = 0; i < 2; ++i) {
            starts.emplace_back([this]() -> coro<int> {
                co_await finally_(hangs(), [this]() -> coro<void> {
                    co_await sleep(1ms);
                    note("cleaned-up");
                });
                co_return 0;
            });
        }
        const auto body = [&]() -> coro<void> {
            co_await staggered_race(std::move(starts), 1ms);
            note("never");
        };
        const task<> t = create_task(body());
        co_await sleep(6ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cleaned-up cleaned-up cancelled");
}

BEHAVIOURS_ON_EVERY_DRIVER;
