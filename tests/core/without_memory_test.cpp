// SPDX-License-Identifier: MIT
// What must happen at the end of a block happens without memory: it was made before.
#include <rondo/rondo.hpp>

// ThreadSanitizer has an operator new of its own, and does not give way to another one.
#if !RONDO_THREAD_SANITIZED

#include <chrono>
#include <coroutine>
#include <cstdlib>
#include <exception>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// How much is granted before all is refused; negative: all is granted.
int granted = -1;

/// For the length of a C++ scope.
class memory_limit {
public:
    explicit memory_limit(int pieces) { granted = pieces; }
    memory_limit(const memory_limit&) = delete;
    memory_limit& operator=(const memory_limit&) = delete;
    ~memory_limit() { granted = -1; }
};

coro<void> loses_memory() {
    granted = 0;
    co_return;
}

#if RONDO_ADDRESS_SANITIZED
/// Calls come from a free list, which must be empty before a call needs memory.
void take_all_that_is_kept_for_calls() {
    try {
        for (;;) {
            get_running_loop().call_soon_threadsafe([] {});
        }
    } catch (const std::bad_alloc&) {
    }
}
#endif

/// An awaitable that knows nothing of rondo, and takes the memory away before it is waited for.
/// What is waiting is resumed at once: the pool may have had the memory.
struct foreign {
    foreign() = default;
    static bool await_ready() {
        granted = 0;
        return false;
    }
    static void await_suspend(std::coroutine_handle<> waiting) { waiting.resume(); }
    static void await_resume() {}
};

}  // namespace

void* operator new(std::size_t size) {
    if (granted == 0) {
        throw std::bad_alloc();
    }
    granted -= granted > 0 ? 1 : 0;
    if (void* const block = std::malloc(size)) {
        return block;
    }
    throw std::bad_alloc();
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

TEST(without_memory, finally_cleans_up) {
    bool called = false;
    bool awaited = false;
    const auto calls = [&] { called = true; };
    const auto awaits = [&]() -> coro<void> {
        awaited = true;
        co_return;
    };
    const auto main_body = [&]() -> coro<void> {
        co_await finally_(loses_memory, calls);
        granted = -1;
        co_await finally_(loses_memory, awaits);
        granted = -1;
    };
    run(main_body());
    EXPECT_TRUE(called);
    EXPECT_TRUE(awaited);
}

TEST(without_memory, an_exit_stack_does_all_it_has_to_do) {
    lock l;
    bool called = false;
    const auto body = [&](async_exit_stack& stack) -> coro<void> {
        co_await stack.enter_async_context(l);
        stack.callback([&called] { called = true; });
        granted = 0;
    };
    const auto main_body = [&]() -> coro<void> {
        co_await with(async_exit_stack(), body);
        granted = -1;
    };
    run(main_body());
    EXPECT_TRUE(called);
    EXPECT_FALSE(l.locked());
}

TEST(without_memory, with_leaves_what_it_entered) {
    lock l;
    const auto main_body = [&]() -> coro<void> {
        for (int pieces = 0; pieces < 8; ++pieces) {
            const memory_limit limit(pieces);
            try {
                co_await with(l, loses_memory);
            } catch (const std::bad_alloc&) {
            }
            EXPECT_FALSE(l.locked());
        }
    };
    run(main_body());
}

TEST(without_memory, a_foreign_await_throws_or_ends) {
    bool ended = false;
    const auto inner = [&]() -> coro<void> {
        co_await foreign();
        co_return;
    };
    const auto main_body = [&]() -> coro<void> {
        try {
            co_await inner();
        } catch (const std::bad_alloc&) {
        }
        granted = -1;
        ended = true;
    };
    run(main_body());
    EXPECT_TRUE(ended);
}

TEST(without_memory, gather_waits_for_its_own_when_one_has_failed) {
    bool ended = false;
    std::exception_ptr error;
    const auto fails = []() -> coro<void> {
        co_await yield_now();
        granted = 0;
        throw 7;
    };
    const auto waits = [&]() -> coro<void> {
        const auto end = [&] { ended = true; };
        co_await finally_(sleep_forever, end);
    };
    const auto main_body = [&]() -> coro<void> {
        future<void> of_somebody_else;
        try {
            co_await gather(fails(), waits(), of_somebody_else);
        } catch (...) {
            error = std::current_exception();
        }
        EXPECT_TRUE(ended);
        granted = -1;
        of_somebody_else.set_result();
    };
    run(main_body());
    EXPECT_THROW(std::rethrow_exception(error), int);
}

TEST(without_memory, race_waits_for_those_who_lose) {
    bool ended = false;
    const auto wins = []() -> coro<int> {
        co_await yield_now();
        granted = 0;
        co_return 7;
    };
    const auto waits = [&]() -> coro<void> {
        const auto end = [&] { ended = true; };
        co_await finally_(sleep_forever, end);
    };
    const auto main_body = [&]() -> coro<void> {
        const auto winner = co_await race(wins(), waits());
        EXPECT_TRUE(ended);
        granted = -1;
        EXPECT_EQ(std::get<0>(winner), 7);
    };
    run(main_body());
}

TEST(without_memory, staggered_race_waits_for_those_who_lose) {
    for (const int pieces : {0, 1, 2, 3}) {
        int ended = 0;
        const auto waits = [&]() -> coro<int> {
            const auto end = [&] { ++ended; };
            co_await finally_(sleep_forever, end);
            co_return 0;
        };
        const auto wins = [&]() -> coro<int> {
            co_await yield_now();
            granted = pieces;
            co_return 7;
        };
        const std::vector<std::function<coro<int>()>> starts{waits, waits, wins};
        const auto main_body = [&]() -> coro<void> {
            const auto result = co_await as_outcome(staggered_race(starts, 0s));
            const int ended_by_then = ended;
            granted = -1;
            EXPECT_EQ(ended_by_then, 2);
            if (result.has_value()) {
                EXPECT_EQ(result.value().value, 7);
            } else {
                EXPECT_THROW(std::rethrow_exception(result.error()), std::bad_alloc);
            }
        };
        run(main_body());
    }
}

TEST(without_memory, what_nobody_awaits_is_reported_all_the_same) {
    const auto main_body = []() -> coro<void> {
        auto& loop = get_running_loop();
        const auto fails = []() -> coro<void> {
            throw std::runtime_error("a message that is too long to be kept in place");
            co_return;
        };
        auto failed = create_task(fails());
        loop.call_soon([] { throw std::runtime_error("this one is as long as the other one is"); });
        const auto waits = []() -> coro<void> { co_await sleep_forever(); };
        std::ignore = create_task(waits());
        ::testing::internal::CaptureStderr();
        granted = 0;
        failed = {};
        co_await yield_now();
        granted = -1;
        const std::string written = ::testing::internal::GetCapturedStderr();
        EXPECT_NE(written.find("task exception was never retrieved [Task-"), written.npos);
        EXPECT_NE(written.find("exception in callback: an error"), written.npos) << written;
    };
    run(main_body());
}

#if RONDO_ADDRESS_SANITIZED  // elsewhere calls come from the pool, which has memory of its own
TEST(without_memory, resolve_threadsafe_throws_and_may_be_tried_again) {
    const auto main_body = []() -> coro<void> {
        const auto start = [](resolver<std::string> r) {
            {
                const memory_limit none(0);
                take_all_that_is_kept_for_calls();
                EXPECT_THROW(r.resolve_threadsafe(std::string("no")), std::bad_alloc);
                EXPECT_THROW(r.reject_threadsafe(std::exception_ptr()), std::bad_alloc);
            }
            r.resolve_threadsafe("a string that is too long to be kept in place");
            EXPECT_THROW(r.resolve_threadsafe(std::string("again")), invalid_state_error);
        };
        EXPECT_EQ(co_await suspend<std::string>(start),
                  "a string that is too long to be kept in place");
    };
    run(main_body());
}
#endif

TEST(without_memory, a_cancellation_arrives_without_its_message) {
    const std::string message = "a message that is long enough for the heap";
    const auto main_body = [&]() -> coro<void> {
        for (int pieces = 0; pieces < 4; ++pieces) {
            future<int> f;
            const auto waits = [&]() -> coro<void> { co_await f; };
            const auto waits_for_it = [&]() -> coro<void> { co_await create_task(waits()); };
            const auto t = create_task(waits_for_it());
            co_await yield_now();
            co_await yield_now();
            std::string copy = message;
            {
                const memory_limit limit(pieces);
                EXPECT_TRUE(t.cancel(std::move(copy)));
            }
            std::ignore = co_await as_outcome(t);
            EXPECT_TRUE(t.cancelled());
        }
    };
    run(main_body());
}

#endif
