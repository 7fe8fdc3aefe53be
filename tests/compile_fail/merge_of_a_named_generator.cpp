// SPDX-License-Identifier: MIT
// expect: merge() owns its sources
#include <rondo/core/merge.hpp>

#include <utility>

rondo::async_generator<int> numbers() { co_yield 1; }

void careless() {
    auto a = numbers();
    auto b = numbers();
#ifdef RONDO_GOOD
    auto merged = rondo::merge(std::move(a), std::move(b));
#else
    auto merged = rondo::merge(a, b);
#endif
}
