// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

rondo::coro<int> async_function() { co_return 1; }

int main() {
    auto coro = async_function();
    if (!coro.send()) {  // It has finished: where Python raises StopIteration.
        std::printf("%d\n", coro.result());
    }
}
