// SPDX-License-Identifier: MIT

// How much memory a read takes, which goes by what the last one brought.
#include "net/on_kernel.hpp"

#include <string>

namespace {

using namespace rondo;

class size_of_a_read : public rondo_test::on_kernel {};
ON_EVERY_KERNEL_DRIVER(size_of_a_read);

std::string message(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        text[i] = static_cast<char>('a' + (i * 7 + size) % 26);
    }
    return text;
}

TEST_P(size_of_a_read, changes_nothing_in_what_is_read) {
    run([]() -> coro<void> {
        auto [near, far] = co_await rondo_test::connected();
        for (const std::size_t size : {10u, 16384u, 16384u, 16385u, 3u, 30000u, 4096u, 60000u,
                                       60000u, 65536u, 65536u, 1u, 5000u, 5000u, 20000u}) {
            const std::string sent = message(size);
            far.write(sent);
            std::string got;
            while (got.size() < size) {
                const std::string piece = co_await near.read(64 * 1024);
                EXPECT_FALSE(piece.empty());
                EXPECT_LE(piece.capacity(), 2 * piece.size() + 16) << size;
                got += piece;
            }
            EXPECT_EQ(got, sent);
        }
    });
}

/// Sends that to somebody who waits for it, and says in how many pieces it came.
coro<int> pieces_of(rondo::socket& from, stream& to, std::size_t size) {
    auto reading = create_task([](stream& in, std::size_t all) -> coro<int> {
        int pieces = 0;
        for (std::size_t got = 0; got < all; ++pieces) {
            got += (co_await in.read(64 * 1024)).size();
        }
        co_return pieces;
    }(to, size));
    co_await yield_now();
    co_await from.sendall(message(size));
    co_return co_await reading;
}

TEST_P(size_of_a_read, takes_as_one_what_came_in_pieces_the_time_before) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        EXPECT_GT(co_await pieces_of(far, in, 16'384), 1);
        for (const std::size_t size : {16'384u, 16'384u, 18'000u, 16'384u}) {
            EXPECT_EQ(co_await pieces_of(far, in, size), 1) << size;
        }
    });
}

TEST_P(size_of_a_read, is_never_more_than_was_asked_for) {
    run([]() -> coro<void> {
        auto [near, far] = co_await rondo_test::connected();
        far.write(message(20'000));
        EXPECT_EQ((co_await near.readexactly(20'000)).size(), 20'000u);
        const std::string sent = message(20'000);
        far.write(sent);
        std::string got = co_await near.read(20'000);
        far.write(sent);
        for (const int n : {1, 4096, 10'000}) {
            const std::string piece = co_await near.read(n);
            EXPECT_LE(piece.size(), static_cast<std::size_t>(n));
            got += piece;
        }
        EXPECT_EQ(got, (sent + sent).substr(0, got.size()));
    });
}

TEST_P(size_of_a_read, finds_the_end_after_something_large) {
    run([]() -> coro<void> {
        auto [near, far] = co_await rondo_test::connected();
        far.write(message(16'384));
        const std::string first = co_await near.read(64 * 1024);
        far.write_eof();
        std::string all = first;
        for (std::string piece = co_await near.read(64 * 1024); !piece.empty();
             piece = co_await near.read(64 * 1024)) {
            all += piece;
        }
        EXPECT_EQ(all, message(16'384));
        EXPECT_TRUE(near.at_eof());
    });
}

}  // namespace
