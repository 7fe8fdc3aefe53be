// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

namespace {

coro<void> inner_hour() { co_await sleep(1h); }

/// The call graph of a task that awaits `inner` in the way that `outer` does.
template <class Outer>
coro<std::string> graph_of(Outer outer) {
    const task<> inner = create_task(inner_hour(), {.name = "inner"});
    const auto body = [&]() -> coro<void> { co_await outer(inner); };
    const task<> t = create_task(body(), {.name = "outer"});
    co_await sleep(1ms);
    std::string graph = format_call_graph(t);
    t.cancel();
    inner.cancel();
    const std::vector both{t, inner};
    co_await wait(both);
    co_return graph;
}

}  // namespace

BEHAVIOUR(B266_the_call_graph_shows_the_edge_from_task_to_task) {
    run([&]() -> coro<void> {
        const auto outer = [](task<> inner) -> coro<void> { co_await inner; };
        const std::string graph = co_await graph_of(outer);
        EXPECT_THAT(graph, MatchesRegex("outer waiting.*\n"
                                        "  in .*\n"
                                        "  in .*n_call_graph_test.cpp:[0-9]+.*\n"
                                        "  awaits task\n"
                                        "    inner waiting.*\n"
                                        "      in inner_hour .n_call_graph_test.cpp:[0-9]+.\n"
                                        "      awaits sleep\n"));
    });
}

BEHAVIOUR(B266_the_call_graph_shows_the_edges_of_gather) {
    run([&]() -> coro<void> {
        const auto outer = [](task<> inner) -> coro<void> {
            co_await gather(inner, inner_hour(), future<>());
        };
        const std::string graph = co_await graph_of(outer);
        EXPECT_THAT(graph, HasSubstr("  awaits gather\n    inner waiting"));
        EXPECT_THAT(graph, HasSubstr("\n    Task-"));
        EXPECT_THAT(graph, HasSubstr("\n    a future\n"));
    });
}

BEHAVIOUR(B266_the_call_graph_shows_the_edge_of_shield) {
    run([&]() -> coro<void> {
        const auto outer = [](task<> inner) -> coro<void> { co_await shield(inner); };
        EXPECT_THAT(co_await graph_of(outer), HasSubstr("  awaits shield\n    inner waiting"));
    });
}

BEHAVIOUR(B266_the_call_graph_shows_timeouts) {
    run([&]() -> coro<void> {
        const auto outer = [](task<> inner) -> coro<void> {
            const auto body = [&]() -> coro<void> { co_await inner; };
            co_await with(timeout(1h), body);
        };
        const std::string graph = co_await graph_of(outer);
        EXPECT_THAT(graph, ContainsRegex("  inside timeout, due in 3[0-9]{3}\\.[0-9]{3} s"));
        EXPECT_THAT(graph, HasSubstr("  awaits task\n    inner waiting"));
        const auto waits_for = [](task<> inner) -> coro<void> { co_await wait_for(inner, 1h); };
        EXPECT_THAT(co_await graph_of(waits_for),
                    ContainsRegex("  inside wait_for, due in 3[0-9]{3}\\.[0-9]{3} s"));
    });
}

BEHAVIOUR(B266_the_call_graph_shows_the_edges_of_wait_race_and_as_completed) {
    run([&]() -> coro<void> {
        const auto waits = [](task<> inner) -> coro<void> {
            const std::vector one{inner};
            co_await wait(one);
        };
        EXPECT_THAT(co_await graph_of(waits), HasSubstr("  awaits wait\n    inner waiting"));
        const auto races = [](task<> inner) -> coro<void> { co_await race(inner, sleep(1h)); };
        EXPECT_THAT(co_await graph_of(races), HasSubstr("  awaits race\n    inner waiting"));
        const auto next = [](task<> inner) -> coro<void> {
            auto finished = as_completed(std::vector(1, inner));
            co_await finished.next();
        };
        EXPECT_THAT(co_await graph_of(next), HasSubstr("  awaits as_completed\n    inner waiting"));
    });
}

BEHAVIOUR(B266_the_call_graph_shows_the_children_of_a_task_group) {
    run([&]() -> coro<void> {
        const auto outer = [](task<> inner) -> coro<void> {
            const auto body = [&](task_group& tg) -> coro<void> {
                const auto child = [](task<> t) -> coro<void> { co_await t; };
                tg.create_task(child(inner), {.name = "child"});
                co_return;
            };
            co_await with(task_group(), body);
        };
        const std::string graph = co_await graph_of(outer);
        EXPECT_THAT(graph, HasSubstr("  awaits task_group\n    child waiting"));
        EXPECT_THAT(graph, HasSubstr("      awaits task\n        inner waiting"));
    });
}

BEHAVIOUR(B266_the_task_tree_shows_each_task_once_below_who_awaits_it) {
    run([&]() -> coro<void> {
        std::string tree;
        const auto outer = [&](task<> inner) -> coro<void> {
            get_running_loop().call_soon([&] { tree = format_task_tree(); });
            co_await inner;
        };
        co_await graph_of(outer);
        EXPECT_THAT(tree, HasSubstr("3 task(s)\n"));
        EXPECT_THAT(tree, HasSubstr("\nouter waiting"));
        EXPECT_THAT(tree, HasSubstr("\n    inner waiting"));
        EXPECT_THAT(tree, Not(HasSubstr("\ninner waiting")));
    });
}

BEHAVIOUR(B268_an_await_cycle_is_reported_and_can_be_cancelled) {
    run([&]() -> coro<void> {
        task<> a;
        task<> b;
        const auto awaits = [](task<>& other) -> coro<void> { co_await other; };
        a = create_task(awaits(b), {.name = "a"});
        b = create_task(awaits(a), {.name = "b"});
        co_await sleep(1ms);
        EXPECT_THAT(format_call_graph(a),
                    MatchesRegex("a waiting.*\n    b waiting.*\n        a waiting.*  <- await "
                                 "cycle\n"));
        EXPECT_THAT(format_task_tree(), HasSubstr("<- await cycle"));
        a.cancel();
        const std::vector both{a, b};
        co_await wait(both);
        note(rondo_test::end_of_handle(a));
        note(rondo_test::end_of_handle(b));
    });
    EXPECT_EQ(trace(), "cancelled cancelled");
}

BEHAVIOUR(B268_an_await_cycle_through_gather_can_be_cancelled) {
    run([&]() -> coro<void> {
        task<> a;
        task<> b;
        const auto awaits = [](task<>& other) -> coro<void> { co_await gather(other); };
        a = create_task(awaits(b), {.name = "a"});
        b = create_task(awaits(a), {.name = "b"});
        co_await sleep(1ms);
        a.cancel();
        const std::vector both{a, b};
        co_await wait(both);
        note(rondo_test::end_of_handle(a));
        note(rondo_test::end_of_handle(b));
    });
    EXPECT_EQ(trace(), "cancelled cancelled");
}

BEHAVIOURS_ON_EVERY_DRIVER;
