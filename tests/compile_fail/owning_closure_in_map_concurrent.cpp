// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/core/map_concurrent.hpp>

#include <string>
#include <vector>

rondo::coro<void> careless(std::vector<int> numbers, std::string text) {
#ifdef RONDO_GOOD
    co_await rondo::map_concurrent(numbers, [&text](int) -> rondo::coro<void> { co_return; }, 2);
#else
    co_await rondo::map_concurrent(numbers, [text](int) -> rondo::coro<void> { co_return; }, 2);
#endif
}
