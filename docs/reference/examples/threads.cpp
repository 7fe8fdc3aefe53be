// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>
#include <rondo/threads/wrap_future.hpp>

#include <cstdio>
#include <functional>
#include <future>
#include <string>
#include <thread>

using namespace std::chrono_literals;

// #region to_thread
int count_primes(int below) {
    int primes = 0;
    for (int n = 2; n < below; ++n) {
        bool prime = true;
        for (int d = 2; d * d <= n; ++d) {
            prime = prime && n % d != 0;
        }
        primes += prime ? 1 : 0;
    }
    return primes;
}

rondo::coro<void> compute() {
    int primes = co_await rondo::to_thread(count_primes, 10'000);  // Others run meanwhile.
    std::printf("%d primes\n", primes);
}
// #endregion

// #region cancelled
void look_for_the_largest_prime() {
    while (true) {
        rondo::from_thread::check_cancelled();  // Throws cancelled_error once it is asked to stop.
        std::this_thread::sleep_for(1ms);
    }
}

rondo::coro<void> give_up() {
    try {
        co_await rondo::wait_for(rondo::to_thread(look_for_the_largest_prime), 20ms);
    } catch (const rondo::timeout_error&) {
        std::puts("there seems to be none");
    }
}
// #endregion

// #region executor
rondo::coro<void> two_at_once() {
    rondo::thread_pool_executor pool(2);
    auto few = rondo::run_in_executor(&pool, count_primes, 100);  // Both begin at once.
    auto many = rondo::run_in_executor(&pool, count_primes, 1000);
    std::printf("%d and %d primes\n", co_await few, co_await many);
}
// #endregion

// #region back
rondo::coro<std::string> ask(std::string question) {
    co_await rondo::sleep(1ms);
    co_return question + " Because.";
}

void work_that_asks() {  // In a thread, and still in touch with the loop.
    std::string answer = rondo::from_thread::run(ask, "Why?");
    std::puts(answer.c_str());
}
// #endregion

// #region outside
void some_other_thread(rondo::event_loop& loop) {
    rondo::threadsafe_future<std::string> answer =
        rondo::run_coroutine_threadsafe(ask("How come?"), loop);
    std::puts(answer.get().c_str());  // Blocks this thread, not the loop.
}

rondo::coro<void> meet_a_thread() {
    std::thread other(some_other_thread, std::ref(rondo::get_running_loop()));
    co_await rondo::to_thread([&] { other.join(); });  // The loop has to go on, to answer.
}
// #endregion

// #region wrap_future
rondo::coro<void> from_another_library() {
    std::future<int> theirs = std::async(std::launch::async, [] { return 42; });
    std::printf("%d\n", co_await rondo::wrap_future(std::move(theirs)));
}
// #endregion

rondo::coro<void> main_() {
    co_await compute();
    co_await give_up();
    co_await two_at_once();
    co_await rondo::to_thread(work_that_asks);
    co_await meet_a_thread();
    co_await from_another_library();
}

int main() { rondo::run(main_()); }
