// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;

// #region lock
struct account {
    rondo::lock door;
    int balance = 100;
};

rondo::coro<void> withdraw(account& a, int amount) {
    auto mine = co_await a.door.scoped();  // Until the end of this function.
    int before = a.balance;
    co_await rondo::sleep(1s);  // The bank is slow, and somebody else could come in between.
    a.balance = before - amount;
}

rondo::coro<void> two_at_once() {
    account a;
    co_await rondo::gather(withdraw(a, 30), withdraw(a, 20));
    std::printf("%d are left\n", a.balance);
}
// #endregion

// #region event
rondo::coro<void> guest(const char* name, rondo::event& doors_open) {
    co_await doors_open.wait();
    std::printf("%s comes in\n", name);
}

rondo::coro<void> opening_time() {
    rondo::event doors_open;
    rondo::get_running_loop().call_later(1h, [&] { doors_open.set(); });
    co_await rondo::gather(guest("Ada", doors_open), guest("Bob", doors_open));
}
// #endregion

// #region condition
struct shelf {
    rondo::condition changed;
    std::vector<std::string> books;
};

rondo::coro<void> read_two(shelf& s) {
    auto mine = co_await s.changed.scoped();
    co_await s.changed.wait_for([&] { return s.books.size() >= 2; });
    std::printf("%s and %s\n", s.books[0].c_str(), s.books[1].c_str());
}

rondo::coro<void> deliver(shelf& s) {
    for (const char* title : {"Emma", "Ulysses"}) {
        co_await rondo::sleep(1s);
        auto mine = co_await s.changed.scoped();
        s.books.emplace_back(title);
        s.changed.notify_all();
    }
}
// #endregion

// #region semaphore
rondo::coro<void> download(rondo::semaphore& at_once) {
    auto permit = co_await at_once.scoped();
    co_await rondo::sleep(1s);
}

rondo::coro<void> six_downloads() {
    rondo::semaphore at_once(2);
    std::vector<rondo::coro<void>> all;
    for (int i = 0; i < 6; ++i) {
        all.push_back(download(at_once));
    }
    auto start = rondo::loop_clock::now();
    co_await rondo::gather(all);
    std::printf("%g seconds\n",
                std::chrono::duration<double>(rondo::loop_clock::now() - start).count());
}
// #endregion

// #region limiter
rondo::coro<void> one_token_each() {
    rondo::capacity_limiter connections(1);
    co_await rondo::with(connections, [&]() -> rondo::coro<void> {
        try {
            connections.acquire_nowait();
        } catch (const std::runtime_error& e) {
            std::puts(e.what());
        }
        connections.set_total_tokens(3);
        std::printf("%zu of %zu lent\n", connections.borrowed_tokens(), connections.total_tokens());
        co_return;
    });
}
// #endregion

// #region barrier
rondo::coro<void> hike(const char* who, std::chrono::hours takes, rondo::barrier& summit) {
    co_await rondo::sleep(takes);
    std::size_t place = co_await summit.wait();
    std::printf("%s was number %zu, and has lunch\n", who, place + 1);
}

rondo::coro<void> mountain() {
    rondo::barrier summit(2);
    co_await rondo::gather(hike("Ada", 3h, summit), hike("Bob", 2h, summit));
}
// #endregion

rondo::coro<void> main_() {
    co_await two_at_once();
    co_await opening_time();
    shelf s;
    co_await rondo::gather(read_two(s), deliver(s));
    co_await six_downloads();
    co_await one_token_each();
    co_await mountain();
}

int main() { rondo::run(main_()); }
