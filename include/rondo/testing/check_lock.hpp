// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/with.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/conformance.hpp>

#include <chrono>
#include <vector>

namespace rondo::testing {

namespace conformance {

/// The promises of a lock of type L, which make() makes: `co_await l.acquire()` and `l.release()`.
template <class L, class Make>
class lock_kit {
public:
    explicit lock_kit(Make make) : make_(std::move(make)) {}

    void run() {
        hold("a lock is held by one task at a time", [this] { return excludes(); });
        hold("who came first is served first", [this] { return keeps_the_order(); });
        hold("who releases and comes again stands behind those who wait",
             [this] { return lets_nobody_barge_in(); });
        hold("a task that is cancelled while it waits does not get the lock",
             [this] { return forgets_the_cancelled(); });
        hold("a task that was given the lock has it, also when it is cancelled then",
             [this] { return keeps_what_was_given(); });
        hold("releasing what nobody holds throws", [this] { return refuses_to_release(); });
        sweep();
    }

private:
    using order = std::vector<int>;

    static coro<void> enter(L& l, order& entered, int who) {
        co_await l.acquire();
        entered.push_back(who);
        co_await sleep(std::chrono::seconds(1));
        l.release();
    }

    static coro<void> count_inside(L& l, int& inside) {
        co_await l.acquire();
        require(++inside == 1, "");
        co_await sleep(std::chrono::seconds(1));
        --inside;
        l.release();
    }

    coro<void> excludes() {
        L l = make_();
        int inside = 0;
        std::vector<coro<void>> all;
        for (int i = 0; i < 5; ++i) {
            all.push_back(count_inside(l, inside));
        }
        co_await gather(std::move(all));
    }

    coro<void> keeps_the_order() {
        L l = make_();
        order entered;
        std::vector<coro<void>> all;
        for (int i = 0; i < 5; ++i) {
            all.push_back(enter(l, entered, i));
        }
        co_await gather(std::move(all));
        require(entered == order{0, 1, 2, 3, 4}, "");
    }

    coro<void> lets_nobody_barge_in() {
        L l = make_();
        order entered;
        co_await l.acquire();
        auto other = create_task(enter(l, entered, 1));
        co_await wait_all_tasks_blocked();
        l.release();
        co_await l.acquire();
        entered.push_back(2);
        l.release();
        co_await other;
        require(entered == order{1, 2}, "");
    }

    coro<void> forgets_the_cancelled() {
        L l = make_();
        order entered;
        co_await l.acquire();
        auto first = create_task(enter(l, entered, 1));
        auto second = create_task(enter(l, entered, 2));
        co_await wait_all_tasks_blocked();
        first.cancel();
        co_await wait_all_tasks_blocked();
        require(first.cancelled(), "");
        l.release();
        co_await second;
        require(entered == order{2}, "");
    }

    coro<void> keeps_what_was_given() {
        L l = make_();
        order entered;
        co_await l.acquire();
        auto first = create_task(enter(l, entered, 1));
        co_await wait_all_tasks_blocked();
        l.release();     // It is the other task's now,
        first.cancel();  // which learns of this afterwards.
        co_await wait_all_tasks_blocked();
        require(entered == order{1} && first.cancelled(), "");
    }

    coro<void> refuses_to_release() {
        L l = make_();
        bool refused = false;
        try {
            l.release();
        } catch (const std::exception&) {
            refused = true;
        }
        require(refused, "");
        co_return;
    }

    static coro<void> use_once(L& l) {
        co_await l.acquire();
        std::exception_ptr error;
        try {
            co_await sleep(std::chrono::seconds(1));
        } catch (...) {
            error = std::current_exception();
        }
        l.release();
        if (error) {
            std::rethrow_exception(error);
        }
    }

    static coro<void> use_together(L& l) {
        auto other = create_task(use_once(l));
        std::exception_ptr error;
        try {
            co_await use_once(l);
        } catch (...) {
            error = std::current_exception();
        }
        cancel_scope shielded;
        shielded.set_shield(true);
        co_await with(shielded, [&]() -> coro<void> {
            co_await other;
            co_await l.acquire();  // a lock that was lost would never be free
            l.release();
        });
        if (error) {
            std::rethrow_exception(error);
        }
    }

    void sweep() {
        try {
            cancel_sweep([this]() -> coro<void> {
                L l = make_();
                co_await use_together(l);
            });
        } catch (const std::exception& error) {
            throw conformance_error(std::string("no cancellation loses a lock; ") + error.what());
        }
    }

    Make make_;
};

}  // namespace conformance

/// Checks that a lock keeps the promises of rondo::lock. `make` gives one that is free.
///
///     rondo::testing::check_lock([] { return my_lock(); });
///
/// Each promise is checked in a simulation of its own. Throws conformance_error with the first that
/// is not kept.
template <class Make>
void check_lock(Make make) {
    conformance::lock_kit<decltype(make()), Make>(std::move(make)).run();
}

}  // namespace rondo::testing
