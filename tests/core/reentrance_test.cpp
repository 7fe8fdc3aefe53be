// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// Code of users, their functions and destructors, comes back to what is calling it.

using namespace rondo;
using namespace std::chrono_literals;

namespace {

const std::string long_text = "a text that does not fit in place";

struct suspend_once {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<>) const {}
    void await_resume() const {}
};

template <class F>
std::string message_of(F fn) {
    try {
        fn();
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "nothing was thrown";
}

/// Reads a variable when it dies, as a logger would.
class reader_at_death {
public:
    reader_at_death(context_var<std::shared_ptr<reader_at_death>>& variable, int& reads)
        : variable_(variable), reads_(reads) {}
    ~reader_at_death() {
        if (variable_.get(nullptr) == nullptr) {
            ++reads_;
        }
    }

private:
    context_var<std::shared_ptr<reader_at_death>>& variable_;
    int& reads_;
};

}  // namespace

TEST(reentrance, on_cancel_may_cancel_the_task_that_waits) {
    rondo::testing::run([]() -> coro<void> {
        any_task t;
        int calls = 0;
        const auto wait = [&]() -> coro<void> {
            const auto start = [&](resolver<int>) {
                return [&] {
                    ++calls;
                    t.cancel();
                };
            };
            co_await suspend<int>(start);
        };
        t = create_task(wait());
        co_await yield_now();
        t.cancel();
        co_await rondo::testing::wait_all_tasks_blocked();
        EXPECT_TRUE(t.cancelled());
        EXPECT_EQ(calls, 1);
        EXPECT_EQ(t.cancelling(), 2);
    }());
}

TEST(reentrance, an_exception_handler_may_take_itself_off) {
    rondo::testing::run([]() -> coro<void> {
        event_loop& loop = get_running_loop();
        std::string seen;
        const auto handler = [&seen, prefix = long_text](event_loop& of,
                                                         const exception_context& what) {
            of.set_exception_handler(nullptr);
            seen = prefix + what.message;
        };
        loop.set_exception_handler(handler);
        loop.call_soon([] { throw std::runtime_error("x"); });
        co_await yield_now();
        EXPECT_EQ(seen, long_text + "exception in callback");
    }());
}

TEST(reentrance, a_task_factory_may_replace_itself) {
    rondo::testing::run([]() -> coro<void> {
        event_loop& loop = get_running_loop();
        std::string seen;
        const auto factory = [&seen, prefix = long_text](event_loop& of, task_options&) {
            of.set_task_factory(nullptr);
            seen = prefix;
        };
        loop.set_task_factory(factory);
        const auto nothing = []() -> coro<void> { co_return; };
        co_await create_task(nothing());
        EXPECT_EQ(seen, long_text);
    }());
}

TEST(reentrance, a_context_value_may_read_its_variable_when_it_dies) {
    rondo::testing::run([]() -> coro<void> {
        context_var<std::shared_ptr<reader_at_death>> variable("variable");
        int reads = 0;
        auto token = variable.set(std::make_shared<reader_at_death>(variable, reads));
        variable.reset(token);
        EXPECT_EQ(reads, 1);
        variable.set(std::make_shared<reader_at_death>(variable, reads));
        variable.set(nullptr);
        EXPECT_EQ(reads, 2);
        co_return;
    }());
}

TEST(reentrance, a_cancelled_call_gives_back_what_it_owns) {
    rondo::testing::run([]() -> coro<void> {
        const auto owned = std::make_shared<int>(1);
        const auto fn = [owned] {};
        event_loop& loop = get_running_loop();
        handle soon = loop.call_soon(fn);
        timer_handle later = loop.call_later(1h, fn);
        handle from_a_thread = loop.call_soon_threadsafe(fn);
        soon.cancel();
        later.cancel();
        from_a_thread.cancel();
        co_await sleep(1ms);
        EXPECT_EQ(owned.use_count(), 2);
    }());
}

// ---- driven by hand

TEST(driven_by_hand, a_coroutine_cannot_drive_or_close_itself) {
    std::optional<coro<void>> c;
    std::vector<std::string> said;
    const auto body = [&]() -> coro<void> {
        said.push_back(message_of([&] { c->send(); }));
        said.push_back(message_of([&] { c->throw_(std::make_exception_ptr(1)); }));
        said.push_back(message_of([&] { c->close(); }));
        EXPECT_EQ(c->state(), coro_state::running);
        co_return;
    };
    c.emplace(body());
    EXPECT_FALSE(c->send());
    EXPECT_EQ(said, std::vector<std::string>(3, "coroutine already executing"));
}

TEST(driven_by_hand_death, a_coroutine_cannot_destroy_itself) {
    EXPECT_DEATH(
        {
            std::optional<coro<void>> c;
            const auto body = [&]() -> coro<void> {
                c.reset();
                co_return;
            };
            c.emplace(body());
            c->send();
        },
        "coroutine already executing");
}

TEST(driven_by_hand_death, a_generator_cannot_destroy_itself) {
    EXPECT_DEATH(
        {
            std::optional<generator<int>> g;
            const auto body = [&]() -> generator<int> {
                g.reset();
                co_yield 1;
            };
            g.emplace(body());
            g->next();
        },
        "generator already executing");
}

TEST(driven_by_hand, a_coroutine_may_run_a_loop_and_go_on) {
    int steps = 0;
    const auto inner = [&]() -> coro<int> {
        co_await yield_now();
        co_return ++steps;
    };
    const auto outer = [&]() -> coro<void> {
        EXPECT_EQ(run(inner()), 1);
        co_await suspend_once();
        ++steps;
    };
    coro<void> c = outer();
    EXPECT_TRUE(c.send());
    EXPECT_FALSE(c.send());
    EXPECT_EQ(steps, 2);
    EXPECT_TRUE(c.done());
}

// ---- an await that was made before the end, and begins after it

TEST(async_generator_that_has_not_begun, may_be_closed_before_a_next_that_was_asked_for) {
    rondo::testing::run([]() -> coro<void> {
        const auto numbers = []() -> async_generator<int> {
            co_await yield_now();
            co_yield 1;
        };
        auto closed = numbers();
        const auto later = create_task(closed.next());
        co_await closed.aclose();
        EXPECT_TRUE(closed.done());
        EXPECT_FALSE((co_await later).has_value());
        EXPECT_FALSE((co_await closed.next()).has_value());

        auto failed = numbers();
        const auto end = create_task(failed.next());
        EXPECT_FALSE((co_await as_outcome(failed.athrow(std::domain_error("x")))).has_value());
        EXPECT_FALSE((co_await end).has_value());
    }());
}

// ---- an owner that is linked elsewhere

TEST(task_group, whose_eager_child_has_ended_may_go_with_its_loop) {
    const auto nothing = []() -> coro<void> { co_return; };
    const auto group = [&]() -> coro<void> {
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(nothing(), {.eager_start = true});
            co_await sleep_forever();
        };
        co_await with(task_group(), body);
    };
    event_loop loop;
    loop.set_exception_handler([](event_loop&, const exception_context&) {});
    const auto main_ = [&]() -> coro<void> {
        std::ignore = create_task(group(), {.eager_start = true});
        co_return;
    };
    loop.run_until_complete(main_());
    loop.close();
}
