// SPDX-License-Identifier: MIT
#include <cstdio>

#include <uv.h>

int main() {
    uv_timer_t timer;
    uv_timer_init(uv_default_loop(), &timer);
    uv_timer_start(&timer, [](uv_timer_t*) { std::puts("hello"); }, 0, 0);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
