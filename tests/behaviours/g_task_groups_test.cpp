// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <memory>
#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;
using rondo_test::name_of;

namespace {

coro<void> hour() { co_await sleep(1h); }

coro<void> fails(const char* what) {
    throw std::runtime_error(what);
    co_return;
}

/// The texts of a group's errors.
template <class T>
std::string errors_of(const outcome<T>& end) {
    try {
        std::rethrow_exception(end.error());
    } catch (const exception_group& group) {
        std::string all;
        for (const std::exception_ptr& error : group.exceptions()) {
            all += (all.empty() ? "" : ",") + name_of(error);
        }
        return "group:" + all;
    } catch (...) {
        return name_of(std::current_exception());
    }
}

}  // namespace

BEHAVIOUR(B164_a_group_waits_for_all_children_and_results_are_readable_afterwards) {
    run([&]() -> coro<void> {
        const auto child = [this](std::chrono::milliseconds delay, int value) -> coro<int> {
            co_await sleep(delay);
            note("child" + std::to_string(value));
            co_return value;
        };
        task<int> a;
        task<int> b;
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            a = tg.create_task(child(5ms, 1));
            b = tg.create_task(child(1ms, 2));
            note("body");
            co_return;
        });
        note(std::to_string(a.result() + b.result()));
    });
    EXPECT_EQ(trace(), "body child2 child1 3");
    EXPECT_EQ(trace(), twin("group_waits"));
}

BEHAVIOUR(B165_children_may_add_children_while_the_group_is_closing) {
    run([&]() -> coro<void> {
        const auto grandchild = [this]() -> coro<void> {
            co_await sleep(1ms);
            note("grandchild");
        };
        const auto child = [&](task_group& tg) -> coro<void> {
            co_await sleep(1ms);
            tg.create_task(grandchild());
            note("child");
        };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(child(tg));
            co_return;
        });
        note("left");
    });
    EXPECT_EQ(trace(), "child grandchild left");
    EXPECT_EQ(trace(), twin("group_grandchildren"));
}

BEHAVIOUR(B166_an_error_of_a_child_cancels_its_siblings_and_interrupts_the_body) {
    run([&]() -> coro<void> {
        const auto sibling = [this]() -> coro<void> {
            const auto end = co_await as_outcome(sleep(1h));
            note("sibling:" + end_of(end));
            end.value();
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(sibling());
            tg.create_task(fails("bad"));
            const auto end = co_await as_outcome(sleep(1h));
            note("body:" + end_of(end));
            end.value();
        };
        note(errors_of(co_await as_outcome(with(task_group(), body))));
    });
    // Which of the two hears of it first is not said.
    EXPECT_THAT(notes(), ::testing::UnorderedElementsAre("sibling:cancelled", "body:cancelled",
                                                         "group:bad"));
    EXPECT_EQ(notes().back(), "group:bad");
}

BEHAVIOUR(B167_an_error_of_the_body_cancels_the_children_and_comes_last_in_the_group) {
    run([&]() -> coro<void> {
        const auto child = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("child");
            }
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            tg.create_task(hour());
            co_await yield_now();
            throw std::runtime_error("body");
        };
        note(errors_of(co_await as_outcome(with(task_group(), body))));
    });
    EXPECT_EQ(trace(), "group:child,body");
    EXPECT_EQ(trace(), twin("group_body_error"));
}

BEHAVIOUR(B168_errors_are_collected_and_a_single_one_is_a_group_as_well) {
    run([&]() -> coro<void> {
        const auto several = [&](task_group& tg) -> coro<void> {
            tg.create_task(fails("one"));
            tg.create_task(fails("two"));
            co_return;
        };
        note(errors_of(co_await as_outcome(with(task_group(), several))));
        const auto single = [&](task_group& tg) -> coro<void> {
            tg.create_task(fails("one"));
            co_return;
        };
        note(errors_of(co_await as_outcome(with(task_group(), single))));
    });
    EXPECT_EQ(trace(), "group:one,two group:one");
    EXPECT_EQ(trace(), twin("group_errors"));
}

BEHAVIOUR(B169_a_cancelled_child_alone_is_no_error) {
    run([&]() -> coro<void> {
        const auto sibling = [this]() -> coro<void> {
            co_await sleep(2ms);
            note("sibling");
        };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            const task<> child = tg.create_task(hour());
            tg.create_task(sibling);
            co_await yield_now();
            child.cancel();
        });
        note("left");
    });
    EXPECT_EQ(trace(), "sibling left");
    EXPECT_EQ(trace(), twin("group_cancelled_child"));
}

BEHAVIOUR(B170_a_cancel_of_the_parent_while_it_waits_cancels_the_children_and_goes_on) {
    run([&]() -> coro<void> {
        const auto child = [this]() -> coro<void> {
            const auto end = co_await as_outcome(sleep(1h));
            note("child:" + end_of(end));
            end.value();
        };
        const auto group = [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            co_return;
        };
        const auto parent = [&]() -> coro<void> {
            co_await with(task_group(), group);
            note("never");
        };
        const task<> t = create_task(parent());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_EQ(t.cancelling(), 1);
    });
    EXPECT_EQ(trace(), "child:cancelled cancelled");
    EXPECT_EQ(trace(), twin("group_parent_cancelled"));
}

BEHAVIOUR(B171_when_a_child_fails_too_the_group_is_thrown_and_the_cancel_comes_again) {
    run([&]() -> coro<void> {
        const auto child = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("child");
            }
        };
        const auto group = [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            co_return;
        };
        const auto parent = [&]() -> coro<void> {
            note(errors_of(co_await as_outcome(with(task_group(), group))));
            co_await sleep(1h);
            note("never");
        };
        const task<> t = create_task(parent());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "group:child cancelled");
}

BEHAVIOUR(B171_the_same_when_the_cancel_arrives_in_the_body) {
    run([&]() -> coro<void> {
        const auto child = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("child");
            }
        };
        const auto group = [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            co_await sleep(1h);
        };
        const auto parent = [&]() -> coro<void> {
            note(errors_of(co_await as_outcome(with(task_group(), group))));
            co_await sleep(1h);
            note("never");
        };
        const task<> t = create_task(parent());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "group:child cancelled");
}

BEHAVIOUR(B172_an_error_that_a_child_raises_while_it_is_cancelled_is_in_the_group) {
    run([&]() -> coro<void> {
        const auto child = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("during");
            }
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            tg.create_task(fails("first"));
            co_return;
        };
        note(errors_of(co_await as_outcome(with(task_group(), body))));
    });
    EXPECT_EQ(trace(), "group:first,during");
    EXPECT_EQ(trace(), twin("group_error_during_cancel"));
}

BEHAVIOUR(B173_errors_that_end_the_process_win_over_the_group) {
    int code = 0;
    try {
        run([&]() -> coro<void> {
            const auto exits = []() -> coro<void> {
                try {
                    co_await sleep(1h);
                } catch (const cancelled_error&) {
                    throw system_exit(7);
                }
            };
            try {
                co_await with(task_group(), [&](task_group& tg) -> coro<void> {
                    tg.create_task(exits());
                    co_await yield_now();
                    throw std::runtime_error("body");
                });
            } catch (const exception_group&) {
                note("group");
            } catch (const system_exit&) {
                note("system_exit");
                throw;
            }
        });
    } catch (const system_exit& e) {
        code = e.code();
    }
    EXPECT_EQ(code, 7);
    EXPECT_EQ(trace(), "system_exit");
}

BEHAVIOUR(B174_a_child_is_refused_and_destroyed_before_after_and_while_aborting) {
    const auto owned = std::make_shared<int>(1);
    const auto child = [](std::shared_ptr<int>) -> coro<void> { co_return; };
    run([&]() -> coro<void> {
        task_group group;
        EXPECT_THROW(group.create_task(child(owned)), std::runtime_error);
        co_await with(group, [&]() -> coro<void> {
            group.cancel();
            EXPECT_THROW(group.create_task(child(owned)), std::runtime_error);
            co_return;
        });
        EXPECT_THROW(group.create_task(child(owned)), std::runtime_error);
        EXPECT_EQ(owned.use_count(), 1);
        note("refused");
    });
    EXPECT_EQ(trace(), "refused");
}

BEHAVIOUR(B175_entering_twice_fails_and_so_does_a_group_outside_a_task) {
    run([&]() -> coro<void> {
        get_running_loop().call_soon([&] {
            task_group outside;
            EXPECT_THROW(outside.aenter(), std::runtime_error);
            note("refused");
        });
        co_await yield_now();
        task_group group;
        const auto nothing = []() -> coro<void> { co_return; };
        co_await with(group, nothing);
        note(end_of(co_await as_outcome(with(group, nothing))));
    });
    EXPECT_EQ(trace(), "refused task_group: entered a second time");
}

BEHAVIOUR(B176_nested_groups_that_both_abort_leak_no_cancellation) {
    run([&]() -> coro<void> {
        const auto inner = [&](task_group& tg) -> coro<void> {
            tg.create_task(fails("inner"));
            co_await sleep(1h);
        };
        const auto outer = [&](task_group& tg) -> coro<void> {
            tg.create_task(fails("outer"));
            co_await with(task_group(), inner);
        };
        note(errors_of(co_await as_outcome(with(task_group(), outer))));
        EXPECT_EQ(current_task().cancelling(), 0);
        co_await sleep(1ms);
        note("not-cancelled");
    });
    EXPECT_EQ(trace(), "group:outer,group not-cancelled");
    EXPECT_EQ(trace(), twin("group_nested"));
}

BEHAVIOUR(B177_cancelling_is_the_same_after_the_block_as_before) {
    run([&]() -> coro<void> {
        const auto parent = [&]() -> coro<void> {
            note(end_of(co_await as_outcome(sleep(1h))));
            const auto body = [&](task_group& tg) -> coro<void> {
                tg.create_task(fails("bad"));
                co_await sleep(1h);
            };
            note(errors_of(co_await as_outcome(with(task_group(), body))));
            EXPECT_EQ(current_task().cancelling(), 1);
            co_await sleep(1ms);
        };
        const task<> t = create_task(parent());
        co_await yield_now();
        t.cancel();
        co_await t;
    });
    EXPECT_EQ(trace(), "cancelled group:bad");
}

BEHAVIOUR(B178_cancel_ends_a_group_without_an_error) {
    run([&]() -> coro<void> {
        const auto child = [this]() -> coro<void> {
            const auto end = co_await as_outcome(sleep(1h));
            note("child:" + end_of(end));
            end.value();
        };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            co_await sleep(1ms);
            tg.cancel();
            tg.cancel();
            co_await sleep(1h);
            note("never");
        });
        co_await sleep(1ms);
        note("left");
    });
    EXPECT_EQ(trace(), "child:cancelled left");
}

BEHAVIOUR(B178_cancel_is_allowed_before_entry) {
    run([&]() -> coro<void> {
        task_group group;
        group.cancel();
        co_await with(group, [&]() -> coro<void> {
            note("body");
            co_await sleep(1h);
            note("never");
        });
        note("left");
    });
    EXPECT_EQ(trace(), "body left");
}

BEHAVIOUR(of_siblings_that_would_fail_in_one_pass_the_first_speaks) {
    run([&]() -> coro<void> {
        const future<> gate;
        const auto waits = [&](const char* what) -> coro<void> {
            co_await gate;
            co_await yield_now();
            throw std::runtime_error(what);
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(waits("one"));
            tg.create_task(waits("two"));
            co_await yield_now();
            gate.set_result();
        };
        note(errors_of(co_await as_outcome(with(task_group(), body))));
    });
    EXPECT_EQ(trace(), "group:one");
}

BEHAVIOUR(a_swallowed_request_does_not_make_a_later_group_or_limit_believe_in_another) {
    run([&]() -> coro<void> {
        const auto parent = [&]() -> coro<void> {
            note(end_of(co_await as_outcome(hour())));  // and is never taken back
            const auto body = [](task_group& tg) -> coro<void> {
                tg.create_task(hour());
                co_await yield_now();
                tg.cancel();
                co_await hour();
            };
            note(end_of(co_await as_outcome(with(task_group(), body))));
            note(end_of(co_await as_outcome(wait_for(hour(), 1ms))));
            EXPECT_EQ(current_task().cancelling(), 1);
        };
        const task<> t = create_task(parent());
        co_await yield_now();
        t.cancel();
        co_await t;
    });
    EXPECT_EQ(trace(), "cancelled value timeout");
}

BEHAVIOURS_ON_EVERY_DRIVER;
