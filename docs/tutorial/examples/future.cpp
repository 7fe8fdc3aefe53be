// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>

using namespace std::chrono_literals;

rondo::coro<void> postman(rondo::future<std::string> letter) {
    co_await rondo::sleep(2s);
    letter.set_result("greetings from Naples");
}

rondo::coro<void> main_() {
    rondo::future<std::string> letter;
    auto delivery = rondo::create_task(postman(letter));
    std::puts("the letter box is empty");
    std::puts((co_await letter).c_str());
    std::puts((co_await letter).c_str());  // A future keeps its result.
    co_await delivery;
}

int main() { rondo::run(main_()); }
