// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

// #region manager
struct transaction {
    std::vector<std::string> statements;
};

rondo::context_manager<transaction> begin() {
    co_await rondo::sleep(1s);
    transaction t;
    const auto end = co_yield t;  // Here the body runs.
    co_await rondo::sleep(1s);    // Nobody cancels this.
    if (end.failed()) {
        std::printf("rolled back %zu\n", t.statements.size());
    } else {
        std::printf("committed %zu\n", t.statements.size());
    }
}

rondo::coro<void> transfer(bool enough_money) {
    co_await rondo::with(begin(), [=](transaction& t) -> rondo::coro<void> {
        t.statements.push_back("take from one");
        if (!enough_money) {
            throw std::runtime_error("not enough money");
        }
        t.statements.push_back("give to the other");
        co_return;
    });
}
// #endregion

// #region swallow
// contextlib.suppress, for one type of error.
template <class Error>
rondo::context_manager<> suppress() {
    const auto end = co_yield {};
    try {
        end.rethrow();
    } catch (const Error&) {
        end.swallow();
    }
}
// #endregion

// #region stack
rondo::coro<void> say(std::string what) {
    co_await rondo::sleep(1s);
    std::puts(what.c_str());
}

rondo::coro<void> many() {
    co_await rondo::with(rondo::async_exit_stack(),
                         [](rondo::async_exit_stack& stack) -> rondo::coro<void> {
                             transaction& first = co_await stack.enter_async_context(begin());
                             transaction& second = co_await stack.enter_async_context(begin());
                             stack.push_async_callback(say, "both transactions are still open");
                             first.statements = {"a", "b"};
                             second.statements = {"c"};
                         });
}
// #endregion

// #region finally
rondo::coro<void> careful() {
    std::string state = "dirty";
    co_await rondo::finally_(say("work"), [&]() -> rondo::coro<void> {
        co_await rondo::sleep(1s);
        state = "clean";
    });
    std::puts(state.c_str());
}
// #endregion

// #region defer
rondo::coro<std::string> open(std::string name) {
    co_await rondo::sleep(1s);
    co_await rondo::defer(say, "closing " + name);  // The caller's stack will do it.
    co_return name;
}

rondo::coro<void> deferring() {
    co_await rondo::with(rondo::async_exit_stack(), []() -> rondo::coro<void> {
        const std::string a = co_await open("a");
        const std::string b = co_await open("b");
        std::printf("using %s and %s\n", a.c_str(), b.c_str());
    });
}
// #endregion

rondo::coro<void> main_() {
    co_await transfer(true);
    co_await rondo::with(suppress<std::runtime_error>(),
                         []() -> rondo::coro<void> { co_await transfer(false); });
    co_await many();
    co_await careful();
    co_await deferring();
}

int main() { rondo::run(main_()); }
