// SPDX-License-Identifier: MIT
// A co_await in a condition, in coroutines whose outermost block declares no variable. GCC before
// 12.3 lays out the frames of these wrongly, and rondo sets them right (check_frame): so none of
// the coroutines below may be given a variable.
#include "tracked.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace compilers {
namespace {

using rondo::coro;

coro<bool> soon(bool yes) {
    co_await rondo::yield_now();
    co_return yes;
}
coro<bool> at_once(bool yes) { co_return yes; }
coro<bool> count_down(int& left) {
    co_await rondo::yield_now();
    co_return left-- > 0;
}

coro<void> only_an_if(int& ran) {
    if (co_await soon(true)) {
        ++ran;
    }
}
coro<int> an_if_that_returns(int a, tracked t) {
    if (co_await by_value(std::move(t)) == a) {
        co_return 1;
    }
    co_return 2;
}
coro<int> behind_other_statements(int a) {
    static_cast<void>(a);
    co_await rondo::yield_now();
    if (co_await by_value(tracked(1)) == a) {
        co_return 1;
    } else if (co_await by_value(tracked(2)) == a) {
        co_return 2;
    }
    co_return 3;
}
coro<int> nested(int a) {
    if (a > 0) {
        if (co_await soon(true)) {
            co_return a;
        }
    }
    co_return 0;
}

TEST_F(shapes, in_a_condition_of_a_coroutine_without_variables) {
    int ran = 0;
    run(only_an_if(ran));
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(run(an_if_that_returns(3, tracked(3))), 1);
    EXPECT_EQ(run(an_if_that_returns(3, tracked(4))), 2);
    for (const int a : {1, 2, 3}) {
        EXPECT_EQ(run(behind_other_statements(a)), a);
    }
    EXPECT_EQ(run(nested(7)), 7);
    EXPECT_EQ(run(nested(0)), 0);
}

coro<void> a_while(int& left, int& ran) {
    while (co_await count_down(left)) {
        ++ran;
    }
}
coro<void> a_do(int& left, int& ran) {
    do {
        ++ran;
    } while (co_await count_down(left));
}
coro<void> a_for(int& left, int& ran) {
    for (; co_await count_down(left); co_await rondo::yield_now()) {
        if (left == 1) {
            continue;
        }
        ++ran;
    }
}

TEST_F(shapes, in_the_condition_of_a_loop_of_a_coroutine_without_variables) {
    int left = 3;
    int ran = 0;
    run(a_while(left, ran));
    EXPECT_EQ(ran, 3);
    left = 3;
    run(a_do(left, ran));
    EXPECT_EQ(ran, 7);
    left = 3;
    run(a_for(left, ran));
    EXPECT_EQ(ran, 9);
}

coro<int> a_switch(int a) {
    switch (co_await by_value(tracked(a))) {
        case 1:
            co_return 10;
        case 2:
            co_await rondo::yield_now();
            break;
        default:
            co_return 30;
    }
    co_return 20;
}

TEST_F(shapes, in_a_switch_of_a_coroutine_without_variables) {
    EXPECT_EQ(run(a_switch(1)), 10);
    EXPECT_EQ(run(a_switch(2)), 20);
    EXPECT_EQ(run(a_switch(3)), 30);
}

coro<int> logical(bool a, tracked t) {
    if (a && co_await by_value(t) == 1) {
        co_return 1;
    }
    if (!co_await soon(a) || t.value() == 2) {
        co_return 2;
    }
    co_return 3;
}

TEST_F(shapes, in_logical_conditions_of_a_coroutine_without_variables) {
    EXPECT_EQ(run(logical(true, tracked(1))), 1);
    EXPECT_EQ(run(logical(false, tracked(1))), 2);
    EXPECT_EQ(run(logical(true, tracked(2))), 2);
    EXPECT_EQ(run(logical(true, tracked(3))), 3);
}

// Each condition takes room in front of the frame, so these are shifted by 16 and by 40 bytes.
coro<void> nine_conditions(int& n) {
    if (co_await at_once(true)) {
        ++n;
    }
    if (co_await soon(true)) {
        ++n;
    }
    if (co_await at_once(true)) {
        ++n;
    }
    if (co_await soon(true)) {
        ++n;
    }
    if (co_await soon(true)) {
        ++n;
    }
    if (co_await at_once(true)) {
        ++n;
    }
    if (co_await soon(true)) {
        ++n;
    }
    if (co_await soon(true)) {
        ++n;
    }
    if (co_await soon(true)) {
        ++n;
    }
}
coro<int> nine_switches(int a) {
    switch (co_await by_value(tracked(a + 0))) {
        case 1:
            co_return 1;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 1))) {
        case 1:
            co_return 2;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 2))) {
        case 1:
            co_return 3;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 3))) {
        case 1:
            co_return 4;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 4))) {
        case 1:
            co_return 5;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 5))) {
        case 1:
            co_return 6;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 6))) {
        case 1:
            co_return 7;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 7))) {
        case 1:
            co_return 8;
        default:
            break;
    }
    switch (co_await by_value(tracked(a + 8))) {
        case 1:
            co_return 9;
        default:
            break;
    }
    co_return 10;
}

TEST_F(shapes, in_many_conditions_of_a_coroutine_without_variables) {
    int n = 0;
    run(nine_conditions(n));
    EXPECT_EQ(n, 9);
    for (int i = 1; i <= 10; ++i) {
        EXPECT_EQ(run(nine_switches(2 - i)), i);
    }
}

coro<tracked> an_object(bool yes) {
    if (co_await soon(yes)) {
        co_return tracked(1);
    }
    co_return tracked(2);
}

TEST_F(shapes, in_a_condition_before_an_object_is_returned) {
    EXPECT_EQ(run(an_object(true)).value(), 1);
    EXPECT_EQ(run(an_object(false)).value(), 2);
}

coro<int> in_a_function_try_block() try {
    if (co_await fail(tracked(5)) == 0) {
        co_return 1;
    }
    co_return 2;
} catch (int) {
    co_return 3;
}
coro<void> escapes() {
    while (co_await fail(tracked(5)) == 0) {
    }
}
coro<int> never_fails() noexcept {
    if (co_await soon(true)) {
        co_return 1;
    }
    co_return 2;
}
template <class T>
coro<T> a_template(T a) {
    if (co_await soon(true)) {
        co_return a;
    }
    co_return T();
}
struct with_member {
    int n;
    coro<int> member() const {
        if (co_await soon(true)) {
            co_return n;
        }
        co_return 0;
    }
};

TEST_F(shapes, in_a_condition_of_functions_of_every_kind) {
    EXPECT_EQ(run(in_a_function_try_block()), 3);
    EXPECT_THROW(run(escapes()), int);
    EXPECT_EQ(run(never_fails()), 1);
    EXPECT_EQ(run(a_template(4)), 4);
    EXPECT_EQ(run(a_template(std::string("text"))), "text");
    const with_member object{5};
    EXPECT_EQ(run(object.member()), 5);
    EXPECT_EQ(run([](int a) -> coro<int> {
                  if (co_await soon(true)) {
                      co_return a;
                  }
                  co_return 0;
              }(6)),
              6);
}

// ---- other kinds of coroutines, and other ways to run them

rondo::async_generator<int> numbers(int& left) {
    while (co_await count_down(left)) {
        co_yield left;
    }
}
rondo::context_manager<void> manager(int& left) {
    if (co_await soon(true)) {
        left += 1;
        co_yield {};
    }
    left += 10;
}

TEST_F(shapes, in_a_condition_of_a_generator_and_of_a_manager) {
    int left = 3;
    int sum = 0;
    run([&]() -> coro<void> {
        auto source = numbers(left);
        while (auto n = co_await source.next()) {
            sum += *n;
        }
        left = 0;
        co_await rondo::with(manager(left), [&]() -> coro<void> {
            left += 100;
            co_return;
        });
    });
    EXPECT_EQ(sum, 3);
    EXPECT_EQ(left, 111);
}

coro<int> recursive(int depth) {
    if (co_await soon(depth == 0)) {
        co_return 0;
    }
    co_return 1 + co_await recursive(depth - 1);
}

TEST_F(shapes, in_a_condition_of_tasks_and_of_deep_recursion) {
    EXPECT_EQ(run([]() -> coro<int> {
                  auto a = rondo::create_task(an_if_that_returns(3, tracked(3)));
                  auto b = rondo::create_task(behind_other_statements, 2);
                  auto both = co_await rondo::gather(a, b);
                  co_return std::get<0>(both) + std::get<1>(both);
              }),
              3);
    EXPECT_EQ(run(recursive(5'000)), 5'000);
}

coro<void> waits_in_the_condition(tracked t) {
    if (co_await [](const tracked& mine) -> coro<int> {
            tracked inner(2);
            co_await rondo::sleep_forever();
            co_return mine.value();
        }(t) == 1) {
        co_return;
    }
}
coro<int> stands_in_the_body(tracked t) {
    if (co_await at_once(true)) {
        co_await std::suspend_always();
    }
    co_return t.value();
}

TEST_F(shapes, in_a_condition_that_is_cancelled_or_destroyed) {
    run([]() -> coro<void> {
        auto sleeper = rondo::create_task(waits_in_the_condition(tracked(1)));
        co_await rondo::yield_now();
        sleeper.cancel();
        const auto end = co_await rondo::as_outcome(sleeper);
        EXPECT_FALSE(end.has_value());
    });
    auto by_hand = stands_in_the_body(tracked(4));
    EXPECT_TRUE(by_hand.send());
    EXPECT_FALSE(by_hand.send());
    EXPECT_EQ(by_hand.result(), 4);
    auto dropped = stands_in_the_body(tracked(5));
    EXPECT_TRUE(dropped.send());
    dropped.close();
    auto unused = stands_in_the_body(tracked(6));
    unused.close();
    static_cast<void>(stands_in_the_body(tracked(7)));
}

class resumes_at_once {
public:
    explicit resumes_at_once(bool yes) : yes_(yes) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) const { handle.resume(); }
    bool await_resume() const noexcept { return yes_; }

private:
    bool yes_;
};
coro<int> foreign(bool yes) {
    if (co_await resumes_at_once(yes)) {
        co_return 1;
    }
    co_return 2;
}

TEST_F(shapes, in_a_condition_that_awaits_what_is_not_rondos) {
    EXPECT_EQ(run(foreign(true)), 1);
    EXPECT_EQ(run(foreign(false)), 2);
}

coro<std::string> name_of_itself() {
    if (co_await soon(true)) {
        co_return rondo::current_task().get_stack().at(0);
    }
    co_return "";
}

TEST_F(shapes, a_coroutine_with_an_await_in_a_condition_keeps_its_name) {
    EXPECT_NE(run(name_of_itself()).find("name_of_itself"), std::string::npos);
}

}  // namespace
}  // namespace compilers
