// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

// An egg timer that knows nothing of coroutines: it rings by calling back.
template <class F>
rondo::timer_handle start_egg_timer(std::chrono::seconds delay, F ring) {
    return rondo::get_running_loop().call_later(delay, ring);
}

// #region suspend
auto egg_timer(std::chrono::seconds delay) {
    return rondo::suspend<const char*>([delay](rondo::resolver<const char*> answer) {
        auto timer = start_egg_timer(delay, [answer] { answer.resolve("ring!"); });
        return [timer]() mutable { timer.cancel(); };  // For when nobody waits any more.
    });
}

rondo::coro<void> main_() { std::puts(co_await egg_timer(180s)); }
// #endregion

int main() { rondo::run(main_()); }
