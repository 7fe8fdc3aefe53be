// SPDX-License-Identifier: MIT

// Many connections with little to say at a time: their reads and writes are made several at once.
#include "net/on_kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;

class small_messages : public on_kernel {};
ON_EVERY_KERNEL_DRIVER(small_messages);

coro<std::vector<connection_ends>> pairs(int count) {
    std::vector<connection_ends> all;
    for (int i = 0; i < count; ++i) {
        all.push_back(co_await connected());
    }
    co_return all;
}

coro<std::string> read_some(stream& from, std::size_t n) { co_return co_await from.read(n); }

coro<std::string> read_some_into(stream& from, std::size_t n) {
    std::string to(n, '\0');
    to.resize(co_await from.read_into(to));
    co_return to;
}

/// Starts a read of each far end, and lets them wait.
template <class Read>
coro<std::vector<task<std::string>>> reading(std::vector<connection_ends>& all, Read read,
                                             std::size_t n) {
    std::vector<task<std::string>> reads;
    for (connection_ends& ends : all) {
        reads.push_back(create_task(read(ends.far, n)));
    }
    co_await yield_now();
    co_return reads;
}

coro<void> talk(int number, std::uint16_t port) {
    auto server = co_await open_connection("127.0.0.1", port);
    for (int i = 0; i < 30; ++i) {
        const std::string said(static_cast<std::size_t>(1 + (number + i * 97) % 500),
                               static_cast<char>('a' + number % 26));
        server.write(said);
        EXPECT_EQ(co_await server.readexactly(said.size()), said);
    }
}

/// A driver that fails after it has told what is ready.
class failing_driver final : public driver {
public:
    explicit failing_driver(driver_kind kind) : kernel_(detail::make_driver(kind)) {}

    std::string_view name() const noexcept override { return "failing"; }
    time_point now() noexcept override { return kernel_->now(); }
    void poll(wait until) override {
        kernel_->poll(until);
        if (std::exchange(fails_, false)) {
            throw std::runtime_error("the driver fails");
        }
    }
    void wake() noexcept override { kernel_->wake(); }
    void watch(fd_watch& watch, io_events interest) override { kernel_->watch(watch, interest); }
    void recv_each(detail::socket_transfer* first, std::size_t count) noexcept override {
        kernel_->recv_each(first, count);
    }
    void send_each(detail::socket_transfer* first, std::size_t count) noexcept override {
        kernel_->send_each(first, count);
    }
    void fail_once() { fails_ = true; }

private:
    box<driver> kernel_;
    bool fails_ = false;
};

}  // namespace

TEST_P(small_messages, each_gets_its_own) {
    run([]() -> coro<void> {
        auto all = co_await pairs(40);
        for (const auto read : {read_some, read_some_into}) {
            auto reads = co_await reading(all, read, 100);
            for (std::size_t i = 0; i < all.size(); ++i) {
                all[i].near.write("for " + std::to_string(i));
            }
            for (std::size_t i = 0; i < all.size(); ++i) {
                EXPECT_EQ(co_await reads[i], "for " + std::to_string(i));
            }
        }
    });
}

TEST_P(small_messages, a_read_gets_no_more_than_it_asked_for) {
    run([]() -> coro<void> {
        auto all = co_await pairs(5);
        for (const auto read : {read_some, read_some_into}) {
            auto reads = co_await reading(all, read, 3);
            for (connection_ends& ends : all) {
                ends.near.write("abcde");
            }
            for (std::size_t i = 0; i < all.size(); ++i) {
                EXPECT_EQ(co_await reads[i], "abc");
                EXPECT_EQ(co_await all[i].far.read(3), "de");
            }
        }
    });
}

TEST_P(small_messages, one_that_ends_and_one_that_breaks_leave_the_others_alone) {
    run([]() -> coro<void> {
        auto all = co_await pairs(5);
        auto reads = co_await reading(all, read_some, 100);
        all[2].far.write("never read, so that the end is a reset");
        co_await sleep(1ms);
        all[2].near.abort();
        all[1].near.close();
        for (const std::size_t i : {0u, 3u, 4u}) {
            all[i].near.write("well");
        }
        for (const std::size_t i : {0u, 3u, 4u}) {
            EXPECT_EQ(co_await reads[i], "well");
        }
        EXPECT_EQ(co_await reads[1], "");
        EXPECT_EQ(co_await errno_of(std::move(reads[2])), ECONNRESET);
    });
}

TEST_P(small_messages, a_server_of_many) {
    run([]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        task_group group;
        co_await with(group, [&]() -> coro<void> {
            for (int i = 0; i < 100; ++i) {
                group.create_task(talk(i, server.port()));
            }
            co_return;
        });
        co_await server.shutdown(1s);
    });
}

TEST_P(small_messages, what_streams_write_in_turns_stays_in_order) {
    run([]() -> coro<void> {
        auto all = co_await pairs(5);
        std::vector<task<std::string>> heard;
        for (connection_ends& ends : all) {
            heard.push_back(create_task([](stream& from) -> coro<std::string> {
                std::string said;
                while (!from.at_eof()) {
                    said += co_await from.read(20'000);
                    co_await sleep(200us);  // so that the sockets are full now and then
                }
                co_return said;
            }(ends.far)));
        }
        std::vector<std::string> said(all.size());
        for (std::size_t i = 0; said.back().size() < 3'000'000; ++i) {
            for (std::size_t k = 0; k < all.size(); ++k) {
                const std::string piece(1 + (i * 7'919 + k) % 4'096,
                                        static_cast<char>('a' + i % 26));
                all[k].near.write(piece);
                said[k] += piece;
            }
            co_await yield_now();
        }
        for (std::size_t k = 0; k < all.size(); ++k) {
            all[k].near.write_eof();
            const std::string got = co_await heard[k];
            EXPECT_TRUE(got == said[k]) << got.size() << " of " << said[k].size() << " bytes";
        }
    });
}

TEST_P(small_messages, some_are_closed_or_cancelled_after_a_driver_that_failed) {
    auto* const failing = new failing_driver(GetParam());
    event_loop loop{box<driver>(failing)};
    std::vector<connection_ends> all;
    std::vector<task<std::string>> reads;
    loop.run_until_complete([&]() -> coro<void> {
        all = co_await pairs(5);
        reads = co_await reading(all, read_some, 100);
        for (connection_ends& ends : all) {
            ends.near.write("x");
        }
        failing->fail_once();
    }());
    const auto wait_on = []() -> coro<void> { co_await sleep(1s); };
    EXPECT_THROW(loop.run_until_complete(wait_on()), std::runtime_error);
    all[1].far.close();
    all[4].far.close();
    reads[3].cancel();
    loop.run_until_complete([&]() -> coro<void> {
        EXPECT_EQ(co_await reads[0], "x");
        EXPECT_EQ(co_await reads[2], "x");
        EXPECT_THROW(co_await reads[3], cancelled_error);
        EXPECT_EQ(co_await all[3].far.read(100), "x") << "nothing is lost";
        for (const std::size_t i : {1u, 4u}) {
            EXPECT_EQ(co_await errno_of(std::move(reads[i])), EBADF);
        }
    }());
}
