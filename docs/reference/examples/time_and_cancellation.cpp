// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>

using namespace std::chrono_literals;

rondo::coro<void> download(std::string file, std::chrono::seconds takes) {
    co_await rondo::sleep(takes);
    std::printf("%s is here\n", file.c_str());
}

rondo::coro<void> main_() {
    bool finished = co_await rondo::move_on_after(5s, []() -> rondo::coro<void> {
        co_await download("a", 3s);
        co_await download("b", 3s);
    });
    std::puts(finished ? "both" : "not both");

    try {
        co_await rondo::with(rondo::timeout(5s), [](rondo::timeout& limit) -> rondo::coro<void> {
            co_await download("c", 3s);
            limit.reschedule(rondo::loop_clock::now() + 10s);  // It goes well: take your time.
            co_await download("d", 9s);
            co_await download("e", 9s);
        });
    } catch (const rondo::timeout_error&) {
        std::puts("c and d will do");
    }

    rondo::cancel_scope scope;
    rondo::get_running_loop().call_later(1s, [&scope] { scope.cancel("changed my mind"); });
    co_await rondo::with(scope, []() -> rondo::coro<void> { co_await download("f", 2s); });
    std::printf("%s\n", scope.cancelled_caught() ? scope.cancel_reason().c_str() : "f came first");
}

int main() { rondo::run(main_()); }
