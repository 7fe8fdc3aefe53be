// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;

rondo::coro<std::string> fetch(std::string page) {
    co_await rondo::sleep(1s);
    if (page.empty()) {
        throw std::invalid_argument("no page");
    }
    co_return page + " fetched";
}

rondo::coro<void> main_() {
    auto good = rondo::create_task(fetch("index"), {.name = "fetch index"});
    auto bad = rondo::create_task(fetch(""));
    good.add_done_callback([](rondo::task<std::string> t) {
        std::printf("callback: %s %s\n", t.name().c_str(), t.cancelled() ? "cancelled" : "done");
    });

    // Function and arguments that the task owns: a lambda with captures is safe like this.
    std::vector<int> numbers{1, 2, 3};
    auto sum = rondo::create_task([numbers]() -> rondo::coro<int> {
        int total = 0;
        for (int n : numbers) {
            total += n;
        }
        co_return total;
    });

    std::printf("%s\n", (co_await good).c_str());
    std::printf("%s again\n", good.result().c_str());
    std::printf("sum %d\n", co_await sum);
    std::printf("bad: %s\n", rondo::describe_exception(bad.exception()).c_str());
}

int main() { rondo::run(main_()); }
