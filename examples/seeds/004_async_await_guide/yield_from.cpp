// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

rondo::generator<int> sub_gen() {
    co_yield 1;
    co_yield 2;
    co_yield 3;
}

rondo::generator<int> gen() { co_yield rondo::elements_of(sub_gen()); }

int main() {
    for (int val : gen()) {
        std::printf("%d\n", val);
    }
}
