// SPDX-License-Identifier: MIT

// Clients that hang up at any moment, with SIGPIPE as a program finds it: the server lives, and who
// stays gets everything that was written before a close.
#include "net/on_kernel.hpp"
#include "net/temporary_path.hpp"

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

/// RONDO_HANG_UPS=10000 makes so many connections; the suite has less time.
int connections_to_make() {
    const char* wanted = std::getenv("RONDO_HANG_UPS");
    return wanted != nullptr ? std::atoi(wanted) : 500;
}

/// RONDO_BACK_PRESSURE_MIB=4096 writes for about a minute.
std::size_t mebibytes_to_write() {
    const char* wanted = std::getenv("RONDO_BACK_PRESSURE_MIB");
    return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 48;
}

class sigpipe_by_default {
public:
    sigpipe_by_default() : before_(std::signal(SIGPIPE, SIG_DFL)) {}
    sigpipe_by_default(const sigpipe_by_default&) = delete;
    sigpipe_by_default& operator=(const sigpipe_by_default&) = delete;
    ~sigpipe_by_default() { std::signal(SIGPIPE, before_); }

private:
    void (*before_)(int);
};

constexpr std::size_t answer = 200'000;

class hang_ups : public on_kernel {
protected:
    std::size_t below(std::size_t n) { return random_() % n; }
    coro<void> pause() { co_await sleep(std::chrono::microseconds(below(1'500))); }

    /// Reads to the end: all of an answer, or, where `perhaps` none was written, nothing.
    coro<void> stay(stream s, bool perhaps) {
        std::size_t got = 0;
        try {
            for (;;) {
                const std::string piece =
                    co_await s.read(static_cast<std::ptrdiff_t>(1 + below(100'000)));
                if (piece.empty()) {
                    break;
                }
                got += piece.size();
            }
            ++stayed_;
            EXPECT_TRUE(got == answer || (perhaps && got == 0)) << got << " bytes";
        } catch (const std::system_error& e) {
            ADD_FAILURE() << got << " bytes, then " << e.what();
        }
    }

    coro<void> hang_up(stream s) {
        const std::size_t some = below(answer / 2);
        try {
            std::size_t got = 0;
            while (got < some) {
                const std::string piece = co_await s.read(20'000);
                if (piece.empty()) {
                    break;
                }
                got += piece.size();
            }
            co_await pause();
        } catch (const std::system_error&) {
        }
        if (below(2) == 0) {
            s.abort();
        }
    }

    coro<void> come_and_go(std::uint16_t port, std::size_t question, bool perhaps) {
        auto s = co_await open_connection("127.0.0.1", port);
        s.write("GET\n");
        if (question > 0) {
            s.write(std::string(below(question), 'q'));
        }
        co_await pause();
        if (below(3) == 0) {
            co_await stay(std::move(s), perhaps);
        } else {
            co_await hang_up(std::move(s));
        }
    }

    coro<void> many(std::uint16_t port, std::size_t question, bool perhaps) {
        constexpr int at_once = 10;
        for (int made = 0; made < connections_to_make() / 3; made += at_once) {
            std::vector<coro<void>> clients;
            for (int i = 0; i < at_once; ++i) {
                clients.push_back(come_and_go(port, question, perhaps));
            }
            co_await gather(std::move(clients));
        }
    }

    int stayed_ = 0;

private:
    const sigpipe_by_default as_found_;
    std::mt19937 random_{20'261'129};
};

ON_EVERY_KERNEL_DRIVER(hang_ups);

bool sigpipe_is_pending() {
    sigset_t pending;
    return ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGPIPE) == 1;
}

long most_resident_kib() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

}  // namespace

TEST_P(hang_ups, a_server_that_sends_files_lives) {
    const temporary_path path;
    run([&]() -> coro<void> {
        co_await write_file(path.string(), std::string(answer, 'f'));
        const auto handler = [&path](stream s) -> coro<void> {
            try {
                static_cast<void>(co_await s.readline());
                auto f = co_await open_file(path.string());
                static_cast<void>(co_await s.sendfile(f));
            } catch (const std::system_error&) {
            }
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        co_await many(server.port(), 0, false);
        EXPECT_GT(stayed_, 0);
        server.close();
        co_await server.wait_closed();
    });
}

TEST_P(hang_ups, a_server_that_leaves_questions_half_read_loses_no_answer) {
    run([&]() -> coro<void> {
        const auto handler = [](stream s) -> coro<void> {
            try {
                static_cast<void>(co_await s.readline());
                s.write(std::string(answer, 'a'));
            } catch (const std::system_error&) {
            }
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        co_await many(server.port(), 300'000, false);
        EXPECT_GT(stayed_, 0);
        server.close();
        co_await server.wait_closed();
    });
}

TEST_P(hang_ups, a_server_that_closes_its_clients_loses_nothing_that_it_wrote) {
    run([&]() -> coro<void> {
        const auto handler = [](stream s) -> coro<void> {
            try {
                static_cast<void>(co_await s.readline());
                s.write(std::string(answer, 'a'));
                static_cast<void>(co_await s.read());
            } catch (const std::system_error&) {
            }
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        auto closing = create_task([](rondo::server& of) -> coro<void> {
            for (;;) {
                co_await sleep(3ms);
                of.close_clients();
            }
        }(server));
        co_await many(server.port(), 100'000, true);
        EXPECT_GT(stayed_, 0);
        closing.cancel();
        static_cast<void>(co_await as_outcome(closing));
        server.close();
        co_await server.wait_closed();
    });
}

TEST_P(hang_ups, the_reader_of_a_fifo_that_goes_in_the_middle_of_a_write_is_an_error) {
    const temporary_path path;
    ASSERT_EQ(::mkfifo(path.string().c_str(), 0600), 0);
    run([&]() -> coro<void> {
        const int reader = ::open(path.string().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        auto f = co_await open_file(path.string(), "w");
        auto writing = create_task(f.write(std::string(1 << 20, 'x')));
        co_await sleep(10ms);  // a part of it has gone, and the thread waits
        ::close(reader);
        const auto end = co_await as_outcome(writing);
        EXPECT_FALSE(end.has_value());
        EXPECT_FALSE(sigpipe_is_pending());
        EXPECT_EQ(co_await errno_of(f.write("more")), EPIPE);
    });
}

TEST_P(hang_ups, a_sigpipe_that_the_program_has_blocked_is_neither_added_nor_taken) {
    sigset_t sigpipe;
    sigset_t before;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    const auto write_to_nobody = [] {
        int ends[2];
        EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        ::close(ends[0]);
        stream_writer out(ends[1]);
        out.write("x");
    };
    run([&]() -> coro<void> {
        write_to_nobody();
        EXPECT_FALSE(sigpipe_is_pending());
        std::raise(SIGPIPE);
        write_to_nobody();
        EXPECT_TRUE(sigpipe_is_pending());
        co_return;
    });
    const timespec at_once{};
    EXPECT_EQ(::sigtimedwait(&sigpipe, nullptr, &at_once), SIGPIPE);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_P(hang_ups, a_stream_under_steady_back_pressure_keeps_no_more_than_it_has_to_send) {
    if (RONDO_ADDRESS_SANITIZED) {
        GTEST_SKIP() << "AddressSanitizer keeps what was freed";
    }
    run([]() -> coro<void> {
        int ends[2];
        EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        std::thread reader([from = ends[0]] {
            char buffer[4096];
            while (::read(from, buffer, sizeof buffer) > 0) {
                const auto until = std::chrono::steady_clock::now() + 15us;
                while (std::chrono::steady_clock::now() < until) {
                }
            }
            ::close(from);
        });
        stream_writer out(ends[1]);
        const std::string piece(60 * 1024, 'x');
        out.write(std::string(2 << 20, 'x'));  // much at first, and then it never gets empty
        co_await out.drain();
        const long before = most_resident_kib();
        const std::size_t pieces = mebibytes_to_write() * 1024 / 60;
        for (std::size_t i = 0; i < pieces; ++i) {
            out.write(piece);
            co_await out.drain();
        }
        EXPECT_LT(most_resident_kib() - before, 4 * 1024);
        out.close();
        co_await out.wait_closed();
        reader.join();
    });
}
