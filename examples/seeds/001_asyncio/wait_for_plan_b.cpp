// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> do_async_job() {
    co_await rondo::sleep(2s);
    std::puts("do async job 1");
}

rondo::coro<void> do_async_job_2nd_plan() {
    co_await rondo::sleep(1s);
    std::puts("do async job 2");
}

rondo::coro<void> main_() {
    bool timed_out = false;
    try {
        co_await rondo::wait_for(do_async_job(), 1s);
    } catch (const rondo::timeout_error&) {
        timed_out = true;  // C++ has no co_await in a catch block.
    }
    if (timed_out) {
        co_await rondo::wait_for(do_async_job_2nd_plan(), 2s);
    }
}

int main() { rondo::run(main_()); }
