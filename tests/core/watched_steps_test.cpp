// SPDX-License-Identifier: MIT

// Steps that somebody watches are taken in another way than all others. That changes at once, also
// in the middle of a pass, and nobody loses his place by it.
#include <rondo/core/event_loop.hpp>
#include <rondo/rondo.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;

namespace {

class watched_steps : public ::testing::Test {
protected:
    coro<void> note(char who) {
        trace += who;
        co_return;
    }
    coro<void> begin_to_watch() {
        trace += '(';
        engine().observe_steps([this](detail::task_core&) { trace += '!'; });
        co_return;
    }
    coro<void> watch_no_more() {
        trace += ')';
        engine().observe_steps(nullptr);
        co_return;
    }
    static detail::loop_engine& engine() { return core_of(get_running_loop()).engine(); }

    std::string trace;
};

}  // namespace

TEST_F(watched_steps, begin_with_the_next_one_and_end_with_this_one) {
    const auto main = [&]() -> coro<void> {
        std::vector<coro<void>> bodies;
        bodies.push_back(note('a'));
        bodies.push_back(begin_to_watch());
        bodies.push_back(note('b'));
        bodies.push_back(note('c'));
        bodies.push_back(watch_no_more());
        bodies.push_back(note('d'));
        std::vector<task<>> tasks;
        for (coro<void>& body : bodies) {
            tasks.push_back(create_task(std::move(body)));
        }
        for (const task<>& t : tasks) {
            co_await t;
        }
    };
    run(main());
    EXPECT_EQ(trace, "a(b!c!)d");
}
