// SPDX-License-Identifier: MIT
#include "torture/world.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace torture {

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// Counts itself while it lives.
class counted {
public:
    explicit counted(int& alive) noexcept : alive_(alive) { ++alive_; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --alive_; }

private:
    int& alive_;
};

class expected_failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Runs `body` with a deadline of its own, some of the time; whether it was over in time.
template <class Body>
coro<bool> perhaps_limited(world& w, Body& body) {
    if (w.chance(0.5)) {
        co_await body();
        co_return true;
    }
    co_return co_await move_on_after(w.up_to(100ms), body);
}

// ---- locks: as many inside as there may be, and nothing lost when somebody gives up

struct locks {
    rondo::lock door;
    rondo::semaphore seats{3};
    rondo::capacity_limiter limiter{2};
    int in_door = 0;
    int in_seats = 0;
    int in_limiter = 0;
};

coro<void> stay(world& w, int& inside, int most) {
    const counted here(inside);
    world::require(inside <= most, "no more are inside than there may be");
    co_await sleep(w.up_to(30ms));
}

coro<void> visit_once(world& w, locks& l) {
    const int where = w.below(3);
    if (where == 0) {
        auto mine = co_await l.door.scoped();
        co_await stay(w, l.in_door, 1);
    } else if (where == 1) {
        auto mine = co_await l.seats.scoped();
        co_await stay(w, l.in_seats, 3);
    } else {
        const auto body = [&]() -> coro<void> { co_await stay(w, l.in_limiter, 2); };
        co_await with(l.limiter, body);
    }
}

coro<void> use_locks(world& w, locks& l) {
    for (int i = w.below(20); i > 0; --i) {
        const auto body = [&]() -> coro<void> { co_await visit_once(w, l); };
        co_await perhaps_limited(w, body);
    }
}

coro<void> play_locks(world& w) {
    locks l;
    std::vector<any_task> tasks;
    for (int i = 2 + w.below(8); i > 0; --i) {
        tasks.push_back(create_task(use_locks(w, l)));
    }
    co_await w.survive(std::move(tasks));
    world::require(!l.door.locked(), "a lock is free when nobody is inside");
    for (int i = 0; i < 3; ++i) {
        co_await wait_for(l.seats.acquire(), 1s);
    }
    world::require(l.limiter.borrowed_tokens() == 0, "a limiter gets its tokens back");
}

// ---- queues: each item is got once, or is still there

struct factory {
    rondo::queue<int> belt{4};
    std::vector<int> got{};
    int put = 0;
};

coro<void> produce(world& w, factory& f) {
    for (int i = w.below(30); i > 0; --i) {
        const int item = f.put;
        bool in_time = false;
        const auto body = [&]() -> coro<void> {
            co_await f.belt.put(item);
            in_time = true;
            ++f.put;
        };
        co_await perhaps_limited(w, body);
        co_await sleep(w.up_to(10ms));
    }
}

coro<void> consume(world& w, factory& f) {
    for (int i = w.below(60); i > 0; --i) {
        const auto body = [&]() -> coro<void> { f.got.push_back(co_await f.belt.get()); };
        co_await perhaps_limited(w, body);
        co_await sleep(w.up_to(10ms));
    }
}

coro<void> limited(coro<void> body) {
    try {
        co_await wait_for(std::move(body), 10s);
    } catch (const timeout_error&) {
    }
}

coro<void> play_queue(world& w) {
    factory f;
    std::vector<any_task> tasks;
    for (int i = 1 + w.below(4); i > 0; --i) {
        tasks.push_back(create_task(limited(produce(w, f))));
        tasks.push_back(create_task(limited(consume(w, f))));
    }
    co_await w.survive(std::move(tasks));
    const auto there = static_cast<int>(f.got.size()) + static_cast<int>(f.belt.qsize());
    world::require(there == f.put, "each item is got once, or is still there");
}

// ---- groups: nobody outlives a block

coro<void> grow(world& w, int& alive, int depth) {
    const counted here(alive);
    co_await sleep(w.up_to(20ms));
    if (w.chance(0.1)) {
        throw expected_failure("a member fails");
    }
    if (depth == 0) {
        co_return;
    }
    int inside = 0;
    task_group group;
    const auto body = [&]() -> coro<void> {
        for (int i = w.below(4); i > 0; --i) {
            group.create_task(grow(w, inside, depth - 1));
        }
        co_await sleep(w.up_to(20ms));
    };
    const auto block = [&]() -> coro<void> { co_await with(group, body); };
    std::exception_ptr error;
    try {
        co_await perhaps_limited(w, block);
    } catch (...) {
        error = std::current_exception();
    }
    world::require(inside == 0, "nobody outlives a group");
    if (error) {
        std::rethrow_exception(error);
    }
}

coro<void> accept_failures(coro<void> body) {
    try {
        co_await std::move(body);
    } catch (const expected_failure&) {
    } catch (const exception_group& group) {
        world::require(group.find<broken_promise>() == nullptr, "promises hold in groups");
    }
}

coro<void> play_groups(world& w) {
    int alive = 0;
    std::vector<any_task> tasks;
    for (int i = 1 + w.below(4); i > 0; --i) {
        tasks.push_back(create_task(accept_failures(grow(w, alive, 3))));
    }
    co_await w.survive(std::move(tasks));
    world::require(alive == 0, "tasks that have ended are gone");
}

constexpr scenario scenarios[] = {
    {"locks", play_locks, false},
    {"queue", play_queue, false},
    {"groups", play_groups, false},
};

}  // namespace

std::span<const scenario> task_scenarios() { return scenarios; }

}  // namespace torture
