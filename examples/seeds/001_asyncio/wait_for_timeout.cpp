// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> do_async_job() {
    co_await rondo::sleep(2s);
    std::puts("never print");
}

rondo::coro<void> main_() {
    try {
        co_await rondo::wait_for(do_async_job(), 1s);
    } catch (const rondo::timeout_error&) {
        std::puts("timeout!");
    }
}

int main() { rondo::run(main_()); }
