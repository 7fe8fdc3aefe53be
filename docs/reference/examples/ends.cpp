// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <exception>

rondo::coro<void> work() {
    co_await rondo::sleep(std::chrono::seconds(1));
    std::puts("nothing to do");
    throw rondo::system_exit(0);
}

int main() {
    try {
        rondo::run(work());
    } catch (const rondo::keyboard_interrupt&) {
        return 130;  // what a shell expects after Ctrl-C
    } catch (const rondo::system_exit& asked) {
        return asked.code();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
