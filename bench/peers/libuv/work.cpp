// SPDX-License-Identifier: MIT

// The work of bench/works.toml, with libuv: callbacks, so there are no tasks and nothing to await.
#include "../latencies.hpp"

#include <vector>

#include <uv.h>

namespace {

using measure::figures;
using measure::stopwatch;
using count = std::int64_t;

uv_loop_t* const loop = uv_default_loop();

template <class Handle>
uv_handle_t* as_handle(Handle* h) {
    return reinterpret_cast<uv_handle_t*>(h);
}

figures run(count n) {
    const stopwatch watch;
    uv_run(loop, UV_RUN_DEFAULT);
    return watch.per_item(n);
}

count turns_left = 0;

void take_turn(uv_idle_t* idle) {
    if (--turns_left <= 0) {
        uv_idle_stop(idle);
    }
}

/// Two callbacks that are called in turn.
figures yield_between_two(count n) {
    uv_idle_t two[2];
    for (auto& one : two) {
        uv_idle_init(loop, &one);
        uv_idle_start(&one, take_turn);
    }
    turns_left = n;
    return run(n);
}

void close_timer(uv_timer_t* timer) { uv_close(as_handle(timer), nullptr); }
void ignore(uv_timer_t*) {}

/// It counts in milliseconds.
void arm(uv_timer_t* timer, uv_timer_cb callback, count milliseconds) {
    uv_timer_init(loop, timer);
    uv_timer_start(timer, callback, static_cast<std::uint64_t>(milliseconds), 0);
}

figures sleepers(count n) {
    measure::random_numbers random;
    const stopwatch watch;
    std::vector<uv_timer_t> all(static_cast<std::size_t>(n));
    for (auto& timer : all) {
        uv_update_time(loop);
        arm(&timer, close_timer, random.below(n * 1000) / 1'000'000);
    }
    uv_run(loop, UV_RUN_DEFAULT);
    return watch.per_item(n);
}

figures arm_and_cancel(count n) {
    uv_timer_t timer;
    uv_timer_init(loop, &timer);
    const stopwatch watch;
    for (count i = 0; i < n; ++i) {
        uv_timer_start(&timer, ignore, 10'000, 0);
        uv_timer_stop(&timer);
    }
    return watch.per_item(n);
}

figures timers_among(count others) {
    measure::random_numbers random;
    std::vector<uv_timer_t> pending(static_cast<std::size_t>(others));
    for (auto& timer : pending) {
        arm(&timer, ignore, 20'000 + random.below(20'000));
    }
    const figures each = arm_and_cancel(300'000);
    for (auto& timer : pending) {
        uv_timer_stop(&timer);
    }
    return each;
}

struct visitor {
    uv_async_t async;
    measure::doorbell bell;
    bool last = false;
    count n = 0;
    figures result;
};

void answer(uv_async_t* async) {
    auto* v = static_cast<visitor*>(async->data);
    if (v->last) {
        uv_close(as_handle(async), nullptr);
    }
    v->bell.ring();
}

void call_again_and_again(void* data) {
    auto* v = static_cast<visitor*>(data);
    v->result = measure::round_trips(v->n, [&](measure::doorbell& bell) {
        uv_async_send(&v->async);
        v->bell.wait();
        bell.ring();
    });
    v->last = true;
    uv_async_send(&v->async);
}

figures wake(count n) {
    visitor v;
    v.n = n;
    uv_async_init(loop, &v.async, answer);
    v.async.data = &v;
    uv_thread_t thread;
    uv_thread_create(&thread, call_again_and_again, &v);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_thread_join(&thread);
    return v.result;
}

void do_nothing(uv_work_t*) {}

void go_again(uv_work_t* request, int) {
    if (--turns_left > 0) {
        uv_queue_work(loop, request, do_nothing, go_again);
    }
}

figures in_threads(count n) {
    uv_work_t request;
    turns_left = n;
    uv_queue_work(loop, &request, do_nothing, go_again);
    return run(n);
}

figures start(count) {
    uv_timer_t timer;
    arm(&timer, close_timer, 0);
    return run(1);
}

}  // namespace

int main(int argc, char** argv) {
    return measure::run_named(argc, argv,
                              {{"yield", yield_between_two},
                               {"sleepers", sleepers},
                               {"timer", arm_and_cancel},
                               {"timer_among", timers_among},
                               {"wake", wake},
                               {"to_thread", in_threads},
                               {"start", start}});
}
