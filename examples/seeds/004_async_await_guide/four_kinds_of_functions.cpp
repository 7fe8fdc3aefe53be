// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <type_traits>

int function() { return 1; }

rondo::generator<int> generator() { co_yield 1; }

rondo::coro<int> async_function() { co_return 1; }

rondo::async_generator<int> async_generator() { co_yield 1; }

void print(bool value) { std::puts(value ? "True" : "False"); }

int main() {
    print(std::is_function_v<decltype(function)>);
    print(std::is_same_v<decltype(generator()), rondo::generator<int>>);
    print(std::is_same_v<decltype(async_function()), rondo::coro<int>>);
    print(std::is_same_v<decltype(async_generator()), rondo::async_generator<int>>);
}
