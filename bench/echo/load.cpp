// SPDX-License-Identifier: MIT

// echo_load PORT CONNECTIONS BYTES PID [churn|reset]
//
// Loads an echo server: so many connections, each of which sends so many bytes, awaits them all and
// sends again. With `churn` each echo has a connection of its own, which the load ends; with
// `reset` it ends it by a reset.
//
// Connects, then reads numbers of seconds from its input, loads for each as long as that, and
// prints what it saw: how many echoes, in how many seconds, and the CPU time that process PID, the
// server, took for it. A slice of load ends when the last echo has come, so that no work is counted
// for somebody else.
#include "sockets.hpp"

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/epoll.h>

namespace {

using clock_type = std::chrono::steady_clock;

/// In ns, of all threads; 0 when there is no such process.
std::uint64_t cpu_time_of(const std::string& process) {
    std::uint64_t sum = 0;
    std::error_code none;
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/" + process + "/task", none)) {
        std::uint64_t one = 0;
        std::ifstream(thread.path() / "schedstat") >> one;
        sum += one;
    }
    return sum;
}

struct connection {
    int fd = -1;
    std::size_t sent = 0;
    std::size_t got = 0;
};

class load {
public:
    load(int port, std::size_t connections, std::size_t bytes, std::string_view how)
        : address_(bench::loopback(port)),
          message_(bytes, 'x'),
          churn_(!how.empty()),
          reset_(how == "reset"),
          connections_(connections) {
        for (connection& c : connections_) {
            if (!churn_) {
                connect(c);
            }
        }
    }

    /// How many echoes.
    std::uint64_t run(clock_type::duration time) {
        echoes_ = 0;
        unanswered_ = connections_.size();
        ends_ = clock_type::now() + time;
        for (connection& c : connections_) {
            begin(c);
        }
        while (unanswered_ > 0) {
            const int count = ::epoll_wait(epoll_, events_, 1024, 10'000);
            if (count == 0) {
                std::fputs("echo_load: no echo within ten seconds\n", stderr);
                std::exit(1);
            }
            over_ = clock_type::now() >= ends_;
            for (int i = 0; i < count; ++i) {
                on_event(events_[i]);
            }
        }
        over_ = false;
        return echoes_;
    }

private:
    void connect(connection& c) {
        c.fd = bench::check(::socket(AF_INET, SOCK_STREAM | (churn_ ? SOCK_NONBLOCK : 0), 0),
                            "socket");
        bench::send_at_once(c.fd);
        if (churn_ && !reset_) {
            from_another_address(c.fd);
        }
        if (::connect(c.fd, reinterpret_cast<sockaddr*>(&address_), sizeof address_) != 0 &&
            errno != EINPROGRESS) {
            bench::fail("connect");
        }
        watch(c, EPOLL_CTL_ADD, churn_ ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }

    /// The end of a connection keeps its address busy for a minute, so each has another one.
    void from_another_address(int fd) {
        sockaddr_in from = bench::loopback(0);
        from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 256 + ++connected_ % 65'000);
        const int on = 1;
        ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        bench::check(::bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from), "bind");
    }

    void watch(connection& c, int operation, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.ptr = &c;
        bench::check(::epoll_ctl(epoll_, operation, c.fd, &event), "epoll_ctl");
    }

    void begin(connection& c) {
        c.sent = c.got = 0;
        if (churn_) {
            connect(c);
        } else if (!send(c)) {
            watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
        }
    }

    /// Whether all is sent.
    bool send(connection& c) {
        while (c.sent < message_.size()) {
            const ssize_t went = ::send(c.fd, message_.data() + c.sent, message_.size() - c.sent,
                                        MSG_NOSIGNAL | MSG_DONTWAIT);
            if (went < 0 && errno == EAGAIN) {
                return false;
            }
            c.sent += static_cast<std::size_t>(bench::check(static_cast<int>(went), "send"));
        }
        return true;
    }

    void on_event(const epoll_event& event) {
        connection& c = *static_cast<connection*>(event.data.ptr);
        if ((event.events & EPOLLOUT) != 0 && send(c)) {
            watch(c, EPOLL_CTL_MOD, EPOLLIN);
        }
        if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
            receive(c);
        }
    }

    void receive(connection& c) {
        const ssize_t got = ::recv(c.fd, buffer_, sizeof buffer_, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) {
            return;
        }
        if (got <= 0) {
            bench::fail("recv");
        }
        c.got += static_cast<std::size_t>(got);
        if (c.got < message_.size()) {
            return;
        }
        ++echoes_;
        if (churn_) {
            end(c);
        }
        if (over_) {
            --unanswered_;
        } else {
            begin(c);
        }
    }

    void end(const connection& c) const {
        if (reset_) {
            const linger at_once{1, 0};
            ::setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
        ::close(c.fd);
    }

    int epoll_ = bench::check(::epoll_create1(0), "epoll_create1");
    sockaddr_in address_;
    std::string message_;
    bool churn_;
    bool reset_;
    std::uint32_t connected_ = 0;
    bool over_ = false;
    clock_type::time_point ends_;
    std::uint64_t echoes_ = 0;
    std::size_t unanswered_ = 0;
    std::vector<connection> connections_;
    epoll_event events_[1024];
    char buffer_[bench::most_bytes];
};

void run_slice(load& with, double seconds, const std::string& server) {
    using namespace std::chrono;
    const std::uint64_t cpu_before = cpu_time_of(server);
    const auto before = clock_type::now();
    const std::uint64_t echoes =
        with.run(duration_cast<clock_type::duration>(duration<double>(seconds)));
    const double took = duration<double>(clock_type::now() - before).count();
    std::this_thread::sleep_for(5ms);  // until the server sleeps, and its time is told exactly
    const std::uint64_t cpu = cpu_time_of(server) - cpu_before;
    std::printf("{\"echoes\": %llu, \"seconds\": %.6f, \"cpu_ns\": %llu}\n",
                static_cast<unsigned long long>(echoes), took,
                static_cast<unsigned long long>(cpu));
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 5) {
        std::fputs("echo_load PORT CONNECTIONS BYTES PID [churn|reset]\n", stderr);
        return 2;
    }
    bench::raise_descriptor_limit();
    static load with(std::atoi(arguments[1]), std::strtoul(arguments[2], nullptr, 10),
                     std::strtoul(arguments[3], nullptr, 10), count > 5 ? arguments[5] : "");
    std::puts("connected");
    std::fflush(stdout);
    double seconds = 0;
    while (std::cin >> seconds) {
        run_slice(with, seconds, arguments[4]);
    }
}
