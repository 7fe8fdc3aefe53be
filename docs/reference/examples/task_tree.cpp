// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> read_page() { co_await rondo::sleep(10s); }
rondo::coro<void> crawl() { co_await read_page(); }

rondo::coro<void> main_() {
    auto crawler = rondo::create_task(crawl(), {.name = "crawler"});
    rondo::get_running_loop().call_later(1s, [] { std::puts(rondo::format_task_tree().c_str()); });
    co_await crawler;
}

int main() { rondo::run(main_()); }
