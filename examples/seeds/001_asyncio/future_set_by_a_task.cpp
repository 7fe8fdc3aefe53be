// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <tuple>

using namespace std::chrono_literals;

rondo::coro<void> do_async_job(rondo::future<std::string> fut) {
    co_await rondo::sleep(2s);
    fut.set_result("Hello future");
}

rondo::coro<void> main_() {
    auto& loop = rondo::get_running_loop();

    auto future = loop.create_future<std::string>();
    std::ignore = loop.create_task(do_async_job(future));

    // Wait until future has a result.
    co_await future;

    std::puts(future.result().c_str());
}

int main() { rondo::run(main_()); }
