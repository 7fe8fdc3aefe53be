// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <optional>
#include <string>

using namespace std::chrono_literals;

rondo::coro<std::string> ask(const char* oracle, std::chrono::seconds takes) {
    co_await rondo::sleep(takes);
    co_return std::string(oracle) + " says yes";
}

rondo::coro<void> main_() {
    std::optional<std::string> answer;
    try {
        answer = co_await rondo::wait_for(ask("Delphi", 10s), 1s);
    } catch (const rondo::timeout_error&) {
        std::puts("Delphi takes too long");
    }
    if (!answer) {  // C++ cannot co_await inside a catch block.
        answer = co_await rondo::wait_for(ask("Dodona", 1s), 2s);
    }
    std::puts(answer->c_str());
}

int main() { rondo::run(main_()); }
