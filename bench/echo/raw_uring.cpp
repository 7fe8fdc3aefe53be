// SPDX-License-Identifier: MIT

// raw_uring poll|together|multishot|once
//
// The limit over io_uring: echo servers written by hand. `poll`: the ring tells which sockets are
// ready, as it does for rondo, and the bytes go through recv and send. `together`: the same, but
// for several that are ready at once those calls are made by a second ring. `multishot`: one
// request a socket receives into buffers that the kernel chooses, and sends go through the ring as
// well. `once`: each recv and each send is a request of its own.
#include "sockets.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <liburing.h>
#include <poll.h>

namespace {

class ring {
public:
    ring() {
        io_uring_params params{};
        params.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER |
                       IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_COOP_TASKRUN;
        params.cq_entries = 32 * 1024;
        const int made = ::io_uring_queue_init_params(4096, &ring_, &params);
        if (made < 0) {
            errno = -made;
            bench::fail("io_uring_setup");
        }
        ::io_uring_register_ring_fd(&ring_);
    }

    io_uring_sqe* request(int kind, int fd) {
        io_uring_sqe* result = ::io_uring_get_sqe(&ring_);
        if (result == nullptr) {
            ::io_uring_submit(&ring_);
            result = ::io_uring_get_sqe(&ring_);
        }
        kind_ = kind;
        fd_ = fd;
        return result;
    }
    /// After the request was filled in, which clears what it is marked with.
    void mark(io_uring_sqe* request, unsigned buffer = 0) const {
        request->user_data = (static_cast<std::uint64_t>(kind_) << 56) |
                             (static_cast<std::uint64_t>(buffer) << 32) |
                             static_cast<std::uint32_t>(fd_);
    }

    template <class F, class G>
    [[noreturn]] void run(F on_completion, G all_told) {
        for (;;) {
            ::io_uring_submit_and_wait(&ring_, 1);
            unsigned head = 0;
            unsigned count = 0;
            io_uring_cqe* completion = nullptr;
            io_uring_for_each_cqe(&ring_, head, completion) {
                ++count;
                on_completion(static_cast<int>(completion->user_data >> 56),
                              static_cast<int>(completion->user_data & 0xffffffffu), *completion);
            }
            ::io_uring_cq_advance(&ring_, count);
            all_told();
        }
    }

    io_uring* get() { return &ring_; }

private:
    io_uring ring_{};
    int kind_ = 0;
    int fd_ = 0;
};

enum kind : int { accepting, polling, receiving, sending };

class echo_server {
public:
    echo_server() : listener_(bench::listen_and_tell()) { accept(); }
    virtual ~echo_server() = default;

    [[noreturn]] void run() {
        const auto on_each = [this](int kind, int fd, const io_uring_cqe& completion) {
            if (kind == accepting) {
                on_accept(completion);
            } else {
                on_completion(kind, fd, completion);
            }
        };
        ring_.run(on_each, [this] { all_told(); });
    }

protected:
    virtual void begin(int fd) = 0;
    virtual void on_completion(int kind, int fd, const io_uring_cqe& completion) = 0;
    virtual void all_told() {}

    ring ring_;

private:
    void accept() {
        io_uring_sqe* const r = ring_.request(accepting, listener_);
        ::io_uring_prep_multishot_accept(r, listener_, nullptr, nullptr, SOCK_NONBLOCK);
        ring_.mark(r);
    }
    void on_accept(const io_uring_cqe& completion) {
        if (completion.res >= 0) {
            bench::send_at_once(completion.res);
            begin(completion.res);
        }
        if ((completion.flags & IORING_CQE_F_MORE) == 0) {
            accept();
        }
    }

    int listener_;
};

/// The sockets here never have more to send than the kernel takes: whoever does not read is closed.
void echo_at_once(int fd, std::string_view data) {
    if (::send(fd, data.data(), data.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(data.size())) {
        ::shutdown(fd, SHUT_RDWR);
    }
}

class by_poll : public echo_server {
    void begin(int fd) override {
        io_uring_sqe* const r = ring_.request(polling, fd);
        ::io_uring_prep_poll_multishot(r, fd, POLLIN | POLLRDHUP);
        ring_.mark(r);
    }
    void on_completion(int, int fd, const io_uring_cqe& completion) override {
        if (completion.res >= 0) {
            echo(fd);
        }
    }

protected:
    void echo(int fd) {
        ssize_t got = 0;
        do {
            got = ::recv(fd, buffer_, sizeof buffer_, 0);
            if (got > 0) {
                echo_at_once(fd, {buffer_, static_cast<std::size_t>(got)});
            }
        } while (got == sizeof buffer_);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            end(fd);
        }
    }
    /// A poll holds its file open.
    void end(int fd) {
        io_uring_sqe* const r = ring_.request(polling, fd);
        ring_.mark(r);
        const std::uint64_t mark = r->user_data;
        ::io_uring_prep_poll_remove(r, mark);
        r->flags |= IOSQE_CQE_SKIP_SUCCESS;
        r->user_data = mark;
        ::io_uring_submit(ring_.get());
        ::close(fd);
    }

private:
    char buffer_[bench::most_bytes];
};

class by_poll_together final : public by_poll {
public:
    by_poll_together() {
        const int made = ::io_uring_queue_init(most, &transfers_, 0);
        if (made < 0) {
            errno = -made;
            bench::fail("io_uring_setup");
        }
    }

private:
    static constexpr unsigned most = 16;

    void on_completion(int, int fd, const io_uring_cqe& completion) override {
        if (completion.res < 0) {
            return;
        }
        ready_[count_++] = fd;
        if (count_ == most) {
            all_told();
        }
    }
    void all_told() override {
        const unsigned count = std::exchange(count_, 0);
        if (count < 3) {
            std::for_each(ready_, ready_ + count, [this](int fd) { echo(fd); });
            return;
        }
        for (unsigned i = 0; i < count; ++i) {
            io_uring_sqe* const r = ::io_uring_get_sqe(&transfers_);
            ::io_uring_prep_recv(r, ready_[i], room_[i], bench::most_bytes, MSG_DONTWAIT);
            r->user_data = i;
        }
        carry_out(count, got_);
        unsigned sending = 0;
        for (unsigned i = 0; i < count; ++i) {
            if (got_[i] > 0) {
                io_uring_sqe* const r = ::io_uring_get_sqe(&transfers_);
                ::io_uring_prep_send(r, ready_[i], room_[i], static_cast<std::size_t>(got_[i]),
                                     MSG_DONTWAIT | MSG_NOSIGNAL);
                r->user_data = i;
                ++sending;
            }
        }
        carry_out(sending, sent_);
        for (unsigned i = 0; i < count; ++i) {
            finish(ready_[i], got_[i], sent_[i]);
        }
    }
    void finish(int fd, int got, int sent) {
        if (got > 0 && sent != got) {
            ::shutdown(fd, SHUT_RDWR);
        } else if (got == 0 || got == bench::most_bytes) {
            echo(fd);
        } else if (got < 0 && got != -EAGAIN) {
            end(fd);
        }
    }
    void carry_out(unsigned count, int* results) {
        ::io_uring_submit_and_wait(&transfers_, count);
        unsigned head = 0;
        io_uring_cqe* completion = nullptr;
        io_uring_for_each_cqe(&transfers_, head, completion) {
            results[completion->user_data] = completion->res;
        }
        ::io_uring_cq_advance(&transfers_, count);
    }

    io_uring transfers_{};
    unsigned count_ = 0;
    int ready_[most]{};
    int got_[most]{};
    int sent_[most]{};
    char room_[most][bench::most_bytes + 64];  // whose beginnings do not share places in the cache
};

class by_multishot final : public echo_server {
public:
    by_multishot() {
        int result = 0;
        io_uring_buf_reg registration{};
        buffers_ = static_cast<io_uring_buf_ring*>(std::aligned_alloc(4096, count * 16));
        registration.ring_addr = reinterpret_cast<std::uint64_t>(buffers_);
        registration.ring_entries = count;
        result = ::io_uring_register_buf_ring(ring_.get(), &registration, 0);
        if (result < 0) {
            errno = -result;
            bench::fail("io_uring_register_buf_ring");
        }
        ::io_uring_buf_ring_init(buffers_);
        for (unsigned i = 0; i < count; ++i) {
            give_back(i);
        }
    }

private:
    static constexpr unsigned count = 1024;
    static constexpr unsigned size = 16 * 1024;

    char* at(unsigned buffer) { return memory_.data() + std::size_t{buffer} * size; }
    void give_back(unsigned buffer) {
        ::io_uring_buf_ring_add(buffers_, at(buffer), size, static_cast<unsigned short>(buffer),
                                ::io_uring_buf_ring_mask(count), 0);
        ::io_uring_buf_ring_advance(buffers_, 1);
    }
    void begin(int fd) override {
        io_uring_sqe* const r = ring_.request(receiving, fd);
        ::io_uring_prep_recv_multishot(r, fd, nullptr, 0, 0);
        r->flags |= IOSQE_BUFFER_SELECT;
        ring_.mark(r);
    }
    void on_completion(int kind, int fd, const io_uring_cqe& completion) override {
        if (kind == sending) {
            give_back(static_cast<unsigned>(completion.user_data >> 32) & 0xffffffu);
            return;
        }
        if (completion.res > 0) {
            const unsigned buffer = completion.flags >> IORING_CQE_BUFFER_SHIFT;
            io_uring_sqe* const r = ring_.request(sending, fd);
            ::io_uring_prep_send(r, fd, at(buffer), static_cast<std::size_t>(completion.res),
                                 MSG_WAITALL | MSG_NOSIGNAL);
            ring_.mark(r, buffer);
        }
        if (completion.res > 0 || completion.res == -ENOBUFS) {
            if ((completion.flags & IORING_CQE_F_MORE) == 0) {
                begin(fd);
            }
        } else {
            ::close(fd);
        }
    }

    std::vector<char> memory_ = std::vector<char>(std::size_t{count} * size);
    io_uring_buf_ring* buffers_;
};

class by_once final : public echo_server {
    void begin(int fd) override {
        const auto index = static_cast<std::size_t>(fd);
        if (memory_.size() <= index) {
            memory_.resize(index + 1);
        }
        memory_[index].resize(16 * 1024);
        receive(fd);
    }
    void receive(int fd) {
        std::vector<char>& memory = memory_[static_cast<std::size_t>(fd)];
        io_uring_sqe* const r = ring_.request(receiving, fd);
        ::io_uring_prep_recv(r, fd, memory.data(), memory.size(), 0);
        ring_.mark(r);
    }
    void on_completion(int kind, int fd, const io_uring_cqe& completion) override {
        if (kind == sending) {
            receive(fd);
        } else if (completion.res <= 0) {
            ::close(fd);
        } else {
            io_uring_sqe* const r = ring_.request(sending, fd);
            ::io_uring_prep_send(r, fd, memory_[static_cast<std::size_t>(fd)].data(),
                                 static_cast<std::size_t>(completion.res),
                                 MSG_WAITALL | MSG_NOSIGNAL);
            ring_.mark(r);
        }
    }

    std::vector<std::vector<char>> memory_;  // by descriptor
};

}  // namespace

int main(int count, char** arguments) {
    const std::string_view how = count > 1 ? arguments[1] : "poll";
    if (how == "multishot") {
        by_multishot().run();
    } else if (how == "once") {
        by_once().run();
    } else if (how == "together") {
        static by_poll_together server;
        server.run();
    }
    static by_poll server;
    server.run();
}
