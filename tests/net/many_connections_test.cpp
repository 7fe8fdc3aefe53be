// SPDX-License-Identifier: MIT
#include "on_kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

constexpr std::size_t connections = 10'000;
constexpr std::size_t spare = 200;  // descriptors for everything else
constexpr std::size_t most_bytes = 100 * 1024 * 1024;

constexpr bool memory_counts = !RONDO_SANITIZED;  // shadow memory is not ours

/// Raises the limit of descriptors as far as it goes. False when that is not enough.
bool allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur >= connections + spare;
}

std::size_t resident_bytes() {
    std::size_t pages = 0;
    if (FILE* f = std::fopen("/proc/self/statm", "r")) {
        std::size_t whole = 0;
        if (std::fscanf(f, "%zu %zu", &whole, &pages) != 2) {
            pages = 0;
        }
        std::fclose(f);
    }
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// The other side, in a process of its own: blocking sockets, and a word when it is done.
class clients {
public:
    clients() {
        static_cast<void>(::pipe(to_child_) + ::pipe(from_child_));
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(to_child_[1]);
            ::_exit(live());
        }
        ::close(to_child_[0]);
        ::close(from_child_[1]);
    }
    clients(const clients&) = delete;
    clients& operator=(const clients&) = delete;
    ~clients() {
        ::close(to_child_[1]);
        ::close(from_child_[0]);
        ::waitpid(pid_, nullptr, 0);
    }

    void start(std::uint16_t port) const {
        static_cast<void>(::write(to_child_[1], &port, sizeof port) > 0);
    }
    void go_on() const { start(0); }
    /// Where it says 'h' when it holds all connections, 'c' when it has churned.
    int words() const { return from_child_[0]; }

private:
    int live() {
        std::uint16_t port = 0;
        std::uint16_t go = 0;
        if (::read(to_child_[0], &port, sizeof port) <= 0) {
            return 1;
        }
        std::vector<int> all(connections);
        for (int& fd : all) {
            fd = talk(port);
        }
        say('h');
        static_cast<void>(::read(to_child_[0], &go, sizeof go) > 0);
        for (std::size_t i = 0; i < all.size(); i += 2) {
            ::close(all[i]);
            all[i] = talk(port);
        }
        say('c');
        static_cast<void>(::read(to_child_[0], &go, sizeof go) > 0);
        return 0;
    }
    void say(char word) const { static_cast<void>(::write(from_child_[1], &word, 1) > 0); }

    /// A connection that was echoed to once.
    static int talk(std::uint16_t port) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        char c = 'x';
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) < 0 ||
            ::send(fd, &c, 1, MSG_NOSIGNAL) != 1 || ::recv(fd, &c, 1, 0) != 1) {
            ::_exit(1);
        }
        return fd;
    }

    int to_child_[2] = {-1, -1};
    int from_child_[2] = {-1, -1};
    pid_t pid_ = -1;
};

class many_connections : public on_kernel {};

}  // namespace

// Slow, since ten thousand connections take the kernel a while.
TEST_P(many_connections, are_held_and_churned_by_one_loop_within_100_MiB) {
    if (!allow_many_descriptors()) {
        GTEST_SKIP() << "a process may not have " << connections + spare
                     << " descriptors here: raise the hard limit (ulimit -Hn)";
    }
    const clients others;
    run([&]() -> coro<void> {
        server_options roomy;
        roomy.backlog = 1024;
        auto server = co_await start_server(echo, "127.0.0.1", 0, roomy);
        stream_reader words(::dup(others.words()));
        const std::size_t before = resident_bytes();
        others.start(server.port());
        EXPECT_EQ(co_await words.read(1), "h");
        EXPECT_EQ(server.connections(), connections);
        const std::size_t held = resident_bytes() - before;
        others.go_on();
        EXPECT_EQ(co_await words.read(1), "c");
        while (server.connections() > connections) {
            co_await sleep(1ms);  // the last that went have not been seen yet
        }
        EXPECT_EQ(server.connections(), connections);
        const std::size_t churned = resident_bytes() - before;
        std::printf("%zu connections: %.1f MiB, %zu bytes each; churned: %.1f MiB\n", connections,
                    static_cast<double>(held) / 1048576, held / connections,
                    static_cast<double>(churned) / 1048576);
        if (memory_counts) {
            EXPECT_LT(std::max(held, churned), most_bytes);
        }
        others.go_on();
        server.close();
        co_await server.wait_closed();
    });
}

ON_EVERY_KERNEL_DRIVER(many_connections);
