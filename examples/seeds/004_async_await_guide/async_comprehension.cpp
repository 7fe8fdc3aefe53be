// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::async_generator<int> take_potatoes(int num) {
    for (int count = 0; count < num; ++count) {
        if (count % 10 == 0) {
            co_await rondo::sleep(100ms);
        }
        co_yield count;
    }
}

rondo::coro<int> one() { co_return 1; }

rondo::coro<int> two() { co_return 2; }

rondo::coro<int> three() {
    co_await rondo::sleep(500ms);
    co_return 3;
}

using fun = rondo::coro<int> (*)();

rondo::async_generator<fun> funs() {
    for (fun f : {one, two, three}) {
        co_yield f;
    }
}

// True every other time.
rondo::coro<bool> condition(fun) {
    static int asked = 0;
    co_return asked++ % 2 == 0;
}

rondo::coro<int> call(fun f) { return f(); }

rondo::coro<void> main_() {
    // [p async for p in take_potatoes(50)]
    auto bucket = co_await rondo::collect(take_potatoes(50));
    std::printf("%zu potatoes\n", bucket.size());

    // [await fun() for fun in funs if await condition()]
    auto result =
        co_await rondo::collect(funs() | rondo::filter(condition) | rondo::transform(call));
    for (int r : result) {
        std::printf("%d\n", r);
    }
}

int main() { rondo::run(main_()); }
