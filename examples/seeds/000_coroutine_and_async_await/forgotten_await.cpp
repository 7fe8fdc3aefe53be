// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <string>

using namespace std::chrono_literals;

rondo::coro<void> say_after(std::chrono::seconds delay, std::string what) {
    co_await rondo::sleep(delay);
    std::puts(what.c_str());
    co_await rondo::sleep(delay);
}

rondo::coro<void> do_() {
    (void)say_after(1s, "hello");  // Note: no co_await here.
    std::puts("####### finished do function #######");
    co_return;
}

int main() { rondo::run(do_(), {.debug = true}); }
