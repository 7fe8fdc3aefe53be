// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>

rondo::context_var<std::string> request{"request", "none"};

rondo::coro<void> log(const char* what) {
    std::printf("[%s] %s\n", request.get().c_str(), what);
    co_return;
}

rondo::coro<void> handle(std::string id) {
    request.set(id);
    co_await log("begins");
    co_await rondo::yield_now();
    co_await log("ends");
}

rondo::coro<void> main_() {
    co_await rondo::gather(handle("a"), handle("b"));
    co_await log("both are done");

    auto token = request.set("c");
    co_await log("set");
    request.reset(token);
    co_await log("reset");
}

int main() { rondo::run(main_()); }
