// SPDX-License-Identifier: MIT
#include "net/name_lookup.hpp"
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

std::atomic<int> asked{0};       // how often the library was called
std::atomic<int> inside{0};      // how many calls have not returned
std::atomic<bool> hangs{false};  // whether calls wait

int library(const char* host, std::vector<sys::socket_address>& found) {
    ++asked;
    ++inside;
    while (hangs) {
        std::this_thread::sleep_for(1ms);
    }
    --inside;
    if (std::string(host) == "unknown.test") {
        return -2;  // EAI_NONAME
    }
    found.push_back(address("127.0.0.9", 0).raw());
    found.push_back(address("127.0.0.9", 0).raw());  // as for a stream and a datagram socket
    found.push_back(address("::1", 0).raw());
    return 0;
}

class names : public ::testing::Test {
protected:
    void SetUp() override {
        asked = 0;
        hangs = false;
        detail::name_lookup::replace_library(library);
    }
    void TearDown() override {
        hangs = false;
        while (inside > 0) {
            std::this_thread::sleep_for(1ms);
        }
        detail::name_lookup::replace_library(nullptr);
    }
};

}  // namespace

TEST_F(names, that_are_numbers_are_not_looked_up) {
    rondo::testing::run([]() -> coro<void> {
        EXPECT_EQ((co_await getaddrinfo("127.0.0.1", 80)).front().to_string(), "127.0.0.1:80");
        EXPECT_EQ((co_await getaddrinfo("::1", 80)).front().to_string(), "[::1]:80");
        EXPECT_EQ((co_await getaddrinfo("localhost", 80)).size(), 2u);
        EXPECT_EQ(asked, 0);
    }());
}

TEST_F(names, give_each_address_once_with_the_port) {
    rondo::testing::run([]() -> coro<void> {
        const auto found = co_await getaddrinfo("some.test", 443);
        std::string all;
        for (const address& a : found) {
            all += a.to_string() + " ";
        }
        EXPECT_EQ(all, "127.0.0.9:443 [::1]:443 ");
    }());
}

TEST_F(names, that_are_unknown_or_impossible_are_refused_by_name) {
    rondo::testing::run([]() -> coro<void> {
        try {
            co_await getaddrinfo("unknown.test", 1);
            ADD_FAILURE() << "there is none";
        } catch (const std::runtime_error& e) {
            EXPECT_TRUE(std::string(e.what()).starts_with("getaddrinfo: unknown.test: "))
                << e.what();
        }
        const std::string odd("127.0.0.1\0.evil.test", 20);
        EXPECT_THROW(co_await getaddrinfo(odd, 1), std::invalid_argument);
        EXPECT_THROW(address(odd, 1), std::invalid_argument);
    }());
}

TEST_F(names, asked_for_by_many_at_once_are_looked_up_once) {
    rondo::run([]() -> coro<void> {
        hangs = true;
        const auto ask = [](std::string host) -> coro<std::size_t> {
            const auto found = co_await getaddrinfo(host, 1);
            co_return found.size();
        };
        std::vector<task<std::size_t>> all;
        for (int i = 0; i < 20; ++i) {
            all.push_back(create_task(ask("one.test")));
        }
        auto other = create_task(ask("other.test"));
        while (inside < 2) {
            co_await sleep(1ms);
        }
        all.front().cancel();  // one that does not want to wait any more disturbs nobody
        EXPECT_THROW(co_await all.front(), cancelled_error);
        hangs = false;
        for (std::size_t i = 1; i < all.size(); ++i) {
            EXPECT_EQ(co_await all[i], 2u);
        }
        EXPECT_EQ(co_await other, 2u);
        EXPECT_EQ(asked, 2);
        EXPECT_EQ(co_await ask("one.test"), 2u);  // nothing is remembered
        EXPECT_EQ(asked, 3);
    }());
}

TEST_F(names, that_hang_keep_neither_threads_nor_the_end_of_the_program_waiting) {
    const auto begin = std::chrono::steady_clock::now();
    rondo::run([]() -> coro<void> {
        hangs = true;
        std::vector<task<std::vector<address>>> all;
        for (int i = 0; i < 2 * detail::name_lookup::most_threads; ++i) {
            all.push_back(create_task(getaddrinfo("host" + std::to_string(i) + ".test", 1)));
        }
        while (inside < detail::name_lookup::most_threads) {
            co_await sleep(1ms);
        }
        EXPECT_THROW(co_await wait_for(open_connection("hangs.test", 1), 5ms), timeout_error);
        EXPECT_EQ(inside, detail::name_lookup::most_threads);  // and no more
        const int answer = co_await to_thread([] { return 42; });
        EXPECT_EQ(answer, 42);
    }());
    EXPECT_GT(inside, 0);  // they hang still
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_F(names, of_an_address_are_found) {
    rondo::run([]() -> coro<void> {
        const name_info found = co_await getnameinfo(address("127.0.0.1", 80));
        EXPECT_FALSE(found.host.empty());
        EXPECT_FALSE(found.service.empty());
        EXPECT_THROW(co_await getnameinfo(address()), std::runtime_error);
    }());
}
