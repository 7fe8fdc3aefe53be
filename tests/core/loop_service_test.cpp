// SPDX-License-Identifier: MIT
// Services of a loop: one of each type, shut down and closed in reverse order of their making.
#include <rondo/core/loop_service.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/testing/run.hpp>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

namespace {

std::vector<std::string> told;

template <int N>
class numbered : public loop_service {
public:
    ~numbered() override { told.push_back("destroy " + std::to_string(N)); }
    coro<void> shutdown() override {
        co_await sleep(1s);
        told.push_back("shut down " + std::to_string(N));
    }
    void close() noexcept override { told.push_back("close " + std::to_string(N)); }
};

class knows_its_loop : public loop_service {
public:
    explicit knows_its_loop(event_loop& loop) : loop_(&loop) {}
    event_loop* loop_;
};

class fails : public loop_service {
public:
    coro<void> shutdown() override {
        co_await yield_now();
        throw std::runtime_error("no goodbye");
    }
};

class needs_another : public loop_service {
public:
    coro<void> shutdown() override {
        use_service<numbered<7>>();
        co_return;
    }
};

class looks_for_another : public loop_service {
public:
    coro<void> shutdown() override {
        const bool found = find_service<numbered<1>>(get_running_loop()) != nullptr;
        told.push_back(found ? "the older one is there" : "the older one is gone");
        co_return;
    }
};

class loop_services : public ::testing::Test {
protected:
    void SetUp() override { told.clear(); }
};

}  // namespace

TEST_F(loop_services, one_of_each_type_is_made_at_the_first_use) {
    rondo::testing::run([]() -> coro<void> {
        event_loop& loop = get_running_loop();
        EXPECT_EQ(find_service<numbered<1>>(loop), nullptr);
        auto& made = use_service<numbered<1>>();
        EXPECT_EQ(&use_service<numbered<1>>(loop), &made);
        EXPECT_EQ(find_service<numbered<1>>(loop), &made);
        EXPECT_EQ(find_service<numbered<2>>(loop), nullptr);
        EXPECT_EQ(use_service<knows_its_loop>().loop_, &loop);
        co_return;
    }());
}

TEST_F(loop_services, they_are_shut_down_and_then_closed_in_reverse_order) {
    rondo::testing::run([]() -> coro<void> {
        use_service<numbered<1>>();
        use_service<numbered<2>>();
        co_return;
    }());
    EXPECT_THAT(told, ElementsAre("shut down 2", "shut down 1", "close 2", "destroy 2", "close 1",
                                  "destroy 1"));
}

TEST_F(loop_services, tasks_have_ended_before_a_service_is_shut_down) {
    const auto serve = []() -> coro<void> {
        try {
            co_await sleep(1h);
        } catch (const cancelled_error&) {
            told.emplace_back("the task ends");
            throw;
        }
    };
    rondo::testing::run([](auto serving) -> coro<void> {
        use_service<numbered<1>>();
        auto t = create_task(serving());
        co_await yield_now();
    }(serve));
    EXPECT_THAT(told, ElementsAre("the task ends", "shut down 1", "close 1", "destroy 1"));
}

TEST_F(loop_services, one_that_fails_is_reported_and_the_others_are_shut_down) {
    std::string reported;
    rondo::testing::run([](std::string& to) -> coro<void> {
        get_running_loop().set_exception_handler(
            [&to](event_loop&, const exception_context& what) { to = what.message; });
        use_service<numbered<1>>();
        use_service<fails>();
        co_return;
    }(reported));
    EXPECT_EQ(reported, "a service of the loop failed to shut down");
    EXPECT_THAT(told, ElementsAre("shut down 1", "close 1", "destroy 1"));
}

TEST_F(loop_services, one_that_is_made_while_others_are_shut_down_has_its_turn) {
    rondo::testing::run([]() -> coro<void> {
        use_service<numbered<1>>();
        use_service<needs_another>();
        co_return;
    }());
    EXPECT_THAT(told, ElementsAre("shut down 7", "shut down 1", "close 7", "destroy 7", "close 1",
                                  "destroy 1"));
}

TEST_F(loop_services, a_loop_without_a_runner_only_closes_them) {
    {
        event_loop loop;
        loop.run_until_complete([]() -> coro<void> {
            use_service<numbered<1>>();
            co_return;
        }());
        EXPECT_THAT(told, ElementsAre());
        loop.close();
        EXPECT_THAT(told, ElementsAre("close 1", "destroy 1"));
        EXPECT_THROW(use_service<numbered<1>>(loop), std::runtime_error);
    }
    EXPECT_THAT(told, ElementsAre("close 1", "destroy 1"));
}

TEST_F(loop_services, one_finds_the_older_ones_while_it_is_shut_down) {
    rondo::testing::run([]() -> coro<void> {
        use_service<numbered<1>>();
        use_service<looks_for_another>();
        co_return;
    }());
    EXPECT_THAT(told, ElementsAre("the older one is there", "shut down 1", "close 1", "destroy 1"));
}

TEST_F(loop_services, a_loop_that_runs_in_another_thread_refuses) {
    rondo::testing::run([]() -> coro<void> {
        event_loop& loop = get_running_loop();
        bool refused = false;
        std::thread other([&] {
            try {
                use_service<numbered<1>>(loop);
            } catch (const std::runtime_error&) {
                refused = true;
            }
        });
        other.join();
        EXPECT_TRUE(refused);
        EXPECT_EQ(find_service<numbered<1>>(loop), nullptr);
        co_return;
    }());
}
