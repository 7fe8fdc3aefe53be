// SPDX-License-Identifier: MIT
#include "os/file_on_ring.hpp"

#include "os/ring_call.hpp"
#include "sys/ring_file.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace rondo::detail::file_work::on_ring {

namespace {

/// Closes what was opened for somebody who is not there any more.
class opened_for_nobody {
public:
    explicit opened_for_nobody(ring_call& opening) noexcept : opening_(&opening) {}
    opened_for_nobody(const opened_for_nobody&) = delete;
    opened_for_nobody& operator=(const opened_for_nobody&) = delete;
    ~opened_for_nobody() {
        if (opening_ == nullptr) {
            return;
        }
        opening_->end();
        if (opening_->has_begun() && opening_->result() >= 0) {
            sys::close(opening_->result());
        }
    }
    void there_is_somebody() noexcept { opening_ = nullptr; }

private:
    ring_call* opening_;
};

/// Closes what the kernel was not asked to close, or not in time.
class closed_in_any_case {
public:
    closed_in_any_case(ring_call& closing, int fd) noexcept : closing_(closing), fd_(fd) {}
    closed_in_any_case(const closed_in_any_case&) = delete;
    closed_in_any_case& operator=(const closed_in_any_case&) = delete;
    ~closed_in_any_case() {
        closing_.end();
        if (!closing_.has_begun() || closing_.result() == -ECANCELED) {
            sys::close(fd_);
        }
    }

private:
    ring_call& closing_;
    int fd_;
};

/// Up to here a read brings memory for all that it may get, and does not ask how much there is.
constexpr std::size_t little = 64 * 1024;

}  // namespace

coro<opened> open(std::string path, sys::open_how how) {
    sys::ring_request request;
    const int refused = sys::request_open(path.c_str(), how, request);
    ring_call opening("open_file", request, refused, when_begun::give_up);
    opened_for_nobody waiting(opening);
    const int fd = co_await opening;
    opened result;
    result.fd = std::make_shared<descriptor>(fd);
    waiting.there_is_somebody();
    // What was opened a moment ago is in memory: this does not wait for a disk.
    result.error = fd < 0 ? fd : sys::describe(fd, result.about);
    co_return result;
}

coro<bytes_read> read(shared_fd fd, std::int64_t from, std::size_t most) {
    bytes_read result;
    std::size_t room = most;
    if (most > little) {
        auto looking = on_ring::size(fd);
        const std::int64_t there_are = co_await looking;
        room = room_for(there_are - from, most);
    }
    std::size_t done = 0;
    while (done < most) {
        result.bytes.resize(room);
        sys::ring_request request;
        const int refused = sys::request_read(fd->get(), result.bytes.data() + done, room - done,
                                              from + static_cast<std::int64_t>(done), request);
        ring_call reading("read", request, refused, when_begun::give_up);
        const int got = co_await reading;
        if (got <= 0) {
            result.error = done == 0 ? got : 0;
            break;
        }
        done += static_cast<std::size_t>(got);
        room = done == room ? std::min(most, 2 * done) : room;
    }
    result.bytes.resize(done);
    co_return result;
}

coro<bytes_written> write(shared_fd fd, offset to, std::string data) {
    bytes_written result;
    while (result.count < data.size()) {
        sys::ring_request request;
        const offset where =
            to ? offset(*to + static_cast<std::int64_t>(result.count)) : std::nullopt;
        const int refused = sys::request_write(fd->get(), data.data() + result.count,
                                               data.size() - result.count, where, request);
        ring_call writing("write", request, refused,
                          result.count == 0 ? when_begun::finish : when_begun::go_on);
        const int went = co_await writing;
        if (went < 0) {
            result.error = went;
            break;
        }
        result.count += static_cast<std::size_t>(went);
    }
    result.position = sys::position(fd->get());
    co_return result;
}

coro<std::int64_t> size(shared_fd fd) {
    sys::ring_request request;
    sys::ring_status status;
    const int refused = sys::request_describe(fd->get(), status, request);
    ring_call looking("stat", request, refused, when_begun::give_up);
    const int error = co_await looking;
    co_return error < 0 ? error : sys::size_in(status);
}

coro<int> sync(shared_fd fd) {
    sys::ring_request request;
    const int refused = sys::request_sync(fd->get(), request);
    ring_call syncing("sync", request, refused, when_begun::finish);
    const int result = co_await syncing;
    co_return result;
}

coro<int> close(shared_fd fd) {
    if (fd.use_count() > 1) {
        co_return 0;
    }
    const int number = fd->give_away();
    sys::ring_request request;
    const int refused = sys::request_close(number, request);
    ring_call closing("close", request, refused, when_begun::once);
    const closed_in_any_case in_the_end(closing, number);
    const int result = co_await closing;
    co_return result == -EINTR ? 0 : result;
}

}  // namespace rondo::detail::file_work::on_ring
