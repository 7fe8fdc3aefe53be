// SPDX-License-Identifier: MIT

// echo_raw_epoll [spin]
//
// The limit over epoll: an echo server written by hand, without coroutines, timers or errors. With
// `spin` it looks for 50 us before it sleeps.
#include "sockets.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <sys/epoll.h>

namespace {

class echo_server {
public:
    echo_server() : listener_(bench::listen_and_tell()) {
        watch(listener_, EPOLL_CTL_ADD, EPOLLIN);
    }

    [[noreturn]] void run(std::chrono::microseconds spin) {
        for (;;) {
            const int count = wait(spin);
            for (int i = 0; i < count; ++i) {
                const int fd = events_[i].data.fd;
                if (fd == listener_) {
                    accept_all();
                } else if ((events_[i].events & EPOLLOUT) != 0) {
                    send_kept(fd);
                } else {
                    echo(fd);
                }
            }
        }
    }

private:
    int wait(std::chrono::microseconds spin) {
        const int count = spin.count() > 0 ? spin_for(spin) : 0;
        return count > 0 ? count : look(-1);
    }
    int spin_for(std::chrono::microseconds at_most) {
        const auto end = std::chrono::steady_clock::now() + at_most;
        int count = 0;
        while (count == 0 && std::chrono::steady_clock::now() < end) {
            count = look(0);
        }
        return count;
    }
    int look(int wait_ms) {
        return bench::check(::epoll_wait(epoll_, events_, 1024, wait_ms), "epoll_wait");
    }

    void watch(int fd, int operation, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.fd = fd;
        bench::check(::epoll_ctl(epoll_, operation, fd, &event), "epoll_ctl");
    }

    void accept_all() {
        int fd = 0;
        while ((fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0) {
            bench::send_at_once(fd);
            watch(fd, EPOLL_CTL_ADD, EPOLLIN);
        }
    }

    void echo(int fd) {
        const ssize_t got = ::recv(fd, buffer_, sizeof buffer_, 0);
        if (got > 0) {
            send(fd, {buffer_, static_cast<std::size_t>(got)});
        } else if (got == 0 || errno != EAGAIN) {
            ::close(fd);
        }
    }

    /// Who does not read what it is sent is not read from.
    void send(int fd, std::string_view data) {
        const ssize_t sent = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
        if (sent == static_cast<ssize_t>(data.size())) {
            return;
        }
        const auto index = static_cast<std::size_t>(fd);
        if (kept_.size() <= index) {
            kept_.resize(index + 1);
        }
        kept_[index].assign(data.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
        watch(fd, EPOLL_CTL_MOD, EPOLLOUT);
    }

    void send_kept(int fd) {
        std::string& kept = kept_[static_cast<std::size_t>(fd)];
        const ssize_t sent = ::send(fd, kept.data(), kept.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) {
            ::close(fd);
            return;
        }
        kept.erase(0, sent < 0 ? 0 : static_cast<std::size_t>(sent));
        if (kept.empty()) {
            watch(fd, EPOLL_CTL_MOD, EPOLLIN);
        }
    }

    int epoll_ = bench::check(::epoll_create1(0), "epoll_create1");
    int listener_;
    epoll_event events_[1024];
    std::vector<std::string> kept_;  // by descriptor
    char buffer_[bench::most_bytes];
};

}  // namespace

int main(int count, char**) {
    static echo_server server;
    server.run(std::chrono::microseconds(count > 1 ? 50 : 0));
}
