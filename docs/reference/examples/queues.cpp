// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <utility>

using namespace std::chrono_literals;

// #region workers
rondo::coro<void> cook(const char* name, rondo::queue<std::string>& jobs) {
    while (true) {
        std::string job = co_await jobs.get();
        co_await rondo::sleep(1s);
        std::printf("%s: %s\n", name, job.c_str());
        jobs.task_done();
    }
}

rondo::coro<void> kitchen() {
    rondo::queue<std::string> jobs(2);
    co_await rondo::with(rondo::task_group(), [&](rondo::task_group& cooks) -> rondo::coro<void> {
        cooks.create_task(cook("Ann", jobs));
        cooks.create_task(cook("Ben", jobs));
        for (const char* job : {"wash", "peel", "cut", "fry"}) {
            co_await jobs.put(job);  // Waits while two are in the queue.
        }
        co_await jobs.join();  // All done, not only taken.
        cooks.cancel();
    });
}
// #endregion

// #region shutdown
rondo::coro<void> add(rondo::queue<int>& numbers) {
    int sum = 0;
    try {
        while (true) {
            sum += co_await numbers.get();
        }
    } catch (const rondo::queue_shut_down&) {
        std::printf("the sum is %d\n", sum);
    }
}

rondo::coro<void> closing_time() {
    rondo::queue<int> numbers;
    auto adding = rondo::create_task(add(numbers));
    for (int n : {20, 1, 2}) {
        numbers.put_nowait(n);
    }
    numbers.shutdown();  // What is in it can still be taken.
    co_await adding;
}
// #endregion

// #region priority
struct patient {
    int urgency;
    std::string complaint;
};

struct more_urgent {
    bool operator()(const patient& a, const patient& b) const { return a.urgency > b.urgency; }
};

void waiting_room() {
    rondo::priority_queue<patient, more_urgent> room;
    room.put_nowait({1, "a cold"});
    room.put_nowait({9, "a broken leg"});
    room.put_nowait({1, "a cough"});
    while (!room.empty()) {
        std::puts(room.get_nowait().complaint.c_str());
    }
}
// #endregion

// #region channel
rondo::coro<void> count(rondo::sender<int> to, int first) {
    for (int i = first; i < first + 3; ++i) {
        co_await to.send(i);
    }
}  // Its end of the channel is closed here.

rondo::coro<void> until_all_are_gone() {
    auto [to, from] = rondo::open_channel<int>(0);
    auto small = rondo::create_task(count, to.clone(), 1);       // The function and its arguments:
    auto large = rondo::create_task(count, std::move(to), 101);  // see below.
    while (auto number = co_await from.receive()) {
        std::printf("%d ", *number);
    }
    std::puts("and that is all");
}
// #endregion

// #region broken
rondo::coro<void> hang_up() {
    auto [to, from] = rondo::open_channel<std::string>(10);
    from.close();
    try {
        co_await to.send("hello?");
    } catch (const rondo::broken_resource_error& e) {
        std::puts(e.what());
    }
}
// #endregion

rondo::coro<void> main_() {
    co_await kitchen();
    co_await closing_time();
    waiting_room();
    co_await until_all_are_gone();
    co_await hang_up();
}

int main() { rondo::run(main_()); }
