// SPDX-License-Identifier: MIT
#include <rondo/base/detail/random.hpp>
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// Grows trees of groups, timeouts, scopes, gathers and races at random and runs them. Whatever
/// comes out: every block leaves its task's count of cancel() calls as it was, and everything that
/// a block started has ended when the block ends.
class random_tree {
public:
    explicit random_tree(std::uint64_t seed) : random_(seed) {}

    coro<void> grow() { return node(0); }

    int alive = 0;
    int nodes = 0;
    int errors = 0;

private:
    static constexpr int deepest = 4;

    class living {
    public:
        explicit living(random_tree& in) noexcept : tree_(in) {
            ++tree_.alive;
            ++tree_.nodes;
        }
        living(const living&) = delete;
        living& operator=(const living&) = delete;
        ~living() { --tree_.alive; }

    private:
        random_tree& tree_;
    };

    std::chrono::milliseconds some_time() { return std::chrono::milliseconds(random_.below(6)); }

    coro<void> node(int depth) {
        const living here(*this);
        const int cancelling = current_task().cancelling();
        auto body = depth < deepest ? block(depth + 1) : leaf();
        const auto end = co_await as_outcome(std::move(body));
        // Only somebody else's cancel() may have been added meanwhile.
        EXPECT_GE(current_task().cancelling(), cancelling);
        end.value();
    }

    coro<void> leaf() {
        switch (random_.below(6)) {
            case 0:
                return fails();
            case 1:
                return swallows();
            case 2:
                return cleans_up();
            default:
                return rests();
        }
    }
    coro<void> rests() {
        co_await sleep(some_time());
        co_await yield_now();
    }
    coro<void> fails() {
        co_await sleep(some_time());
        ++errors;
        throw std::runtime_error("a leaf failed");
    }
    coro<void> swallows() {
        const auto end = co_await as_outcome(sleep(some_time()));
        co_await sleep(some_time());
    }
    coro<void> cleans_up() {
        co_await finally_(rests(), [this]() -> coro<void> { co_await rests(); });
    }

    coro<void> block(int depth) {
        switch (random_.below(9)) {
            case 0:
                return group(depth);
            case 1:
                return limited(depth);
            case 2:
                return gathers(depth);
            case 3:
                return races(depth);
            case 4:
                return shielded(depth);
            case 5:
                return moves_on(depth);
            case 6:
                return task_with_a_limit(depth);
            case 7:
                return cancelled_by_another(depth);
            default:
                return in_turn(depth);
        }
    }

    coro<void> group(int depth) {
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(node(depth));
            co_await sleep(some_time());
            if (random_.below(4) == 0) {
                tg.cancel();
                co_return;
            }
            tg.create_task(node(depth));
            co_await node(depth);
        };
        co_await with(task_group(), body);
    }
    coro<void> limited(int depth) {
        const auto body = [&]() -> coro<void> { co_await node(depth); };
        co_await with(timeout(some_time()), body);
    }
    coro<void> gathers(int depth) { co_await gather(node(depth), node(depth), node(depth)); }
    coro<void> races(int depth) { co_await race(node(depth), node(depth)); }
    coro<void> shielded(int depth) {
        cancel_scope scope;
        scope.set_shield(true);
        const auto body = [&]() -> coro<void> { co_await node(depth); };
        co_await with(scope, body);
    }
    coro<void> moves_on(int depth) {
        const auto body = [&]() -> coro<void> { co_await node(depth); };
        co_await move_on_after(some_time(), body);
    }
    static coro<void> see_the_end_of(task<> t) {
        co_await detail::end_of(t);
        if (!t.cancelled()) {
            static_cast<void>(t.exception());
        }
    }
    coro<void> task_with_a_limit(int depth) {
        // A task is nobody's child, so it must be waited for here, whatever comes.
        const task<> t = create_task(node(depth));
        const auto limited_wait = [&]() -> coro<void> { co_await wait_for(t, some_time()); };
        const auto end_of_task = [&]() -> coro<void> { return see_the_end_of(t); };
        co_await finally_(limited_wait(), end_of_task);
    }
    coro<void> cancelled_by_another(int depth) {
        const task<> t = create_task(node(depth));
        const auto cancels = [&]() -> coro<void> {
            co_await sleep(some_time());
            t.cancel();
            if (random_.below(3) == 0) {
                t.uncancel();
            }
        };
        const auto end_of_task = [&]() -> coro<void> { return see_the_end_of(t); };
        co_await finally_(cancels(), end_of_task);
    }
    coro<void> in_turn(int depth) {
        const auto first = co_await as_outcome(node(depth));
        co_await node(depth);
    }

    random_source random_;
};

/// Runs one tree; what escapes from it is its own affair.
coro<void> run_tree(random_tree& tree) {
    const auto end = co_await as_outcome(tree.grow());
    EXPECT_EQ(tree.alive, 0) << "something outlives the tree";
    EXPECT_EQ(current_task().cancelling(), 0);
    co_await sleep(1ms);  // throws if a cancellation is left over
    EXPECT_EQ(all_tasks().size(), 1u);
}

/// The same, while somebody cancels the task in which it runs.
coro<void> run_cancelled_tree(random_tree& tree, std::chrono::milliseconds when) {
    const auto body = [&]() -> coro<void> {
        co_await tree.grow();
        co_await sleep(1h);
    };
    const task<> t = create_task(body());
    co_await sleep(when);
    t.cancel();
    // A leaf may swallow the request; then it is repeated.
    while (!t.done()) {
        co_await sleep(100ms);
        t.cancel();
    }
    if (!t.cancelled()) {
        static_cast<void>(t.exception());
    }
    EXPECT_EQ(tree.alive, 0) << "something outlives the tree";
    EXPECT_EQ(all_tasks().size(), 1u);
}

}  // namespace

TEST(random_trees, always_end_and_leave_nothing_behind) {
    int nodes = 0;
    int errors = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        random_tree tree(seed);
        rondo::testing::run(run_tree(tree), {.seed = seed});
        nodes += tree.nodes;
        errors += tree.errors;
    }
    EXPECT_GT(nodes, 2000);
    EXPECT_GT(errors, 50);
}

TEST(random_trees, that_are_cancelled_from_outside_end_and_leave_nothing_behind) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        random_tree tree(seed);
        rondo::testing::run(run_cancelled_tree(tree, std::chrono::milliseconds(seed % 12)),
                            {.seed = seed});
    }
}

TEST(random_trees, do_the_same_again_with_the_same_seed) {
    const auto nodes_of = [](std::uint64_t seed) {
        random_tree tree(seed);
        rondo::testing::run(run_tree(tree), {.seed = seed});
        return tree.nodes;
    };
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        EXPECT_EQ(nodes_of(seed), nodes_of(seed));
    }
}
