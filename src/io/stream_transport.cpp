// SPDX-License-Identifier: MIT
#include "io/stream_transport.hpp"

#include "io/operations.hpp"

#include <cerrno>
#include <utility>

namespace rondo::detail {

stream_transport::~stream_transport() {
    if (!stream_->closing()) {
        stream_->abort();
    }
}

void stream_transport::tell_failure() {
    if (failure_) [[unlikely]] {
        std::rethrow_exception(std::exchange(failure_, nullptr));
    }
}

std::optional<std::size_t> stream_transport::try_read(std::span<char> to) {
    tell_failure();
    stream_core& s = *stream_;
    if (!s.kept().empty()) {
        const std::size_t size = s.kept().copy(to.data(), to.size());
        s.skip(size);
        return size;
    }
    if (!s.may_read()) {
        return 0;
    }
    fd_state& fd = *s.fd();
    if (!fd.ready(io_side::read)) {
        return std::nullopt;
    }
    const std::ptrdiff_t got = receive(fd, to);
    if (got == -EAGAIN) {
        fd.exhausted(io_side::read);
        return std::nullopt;
    }
    s.took(got);
    return static_cast<std::size_t>(got);
}

std::optional<std::size_t> stream_transport::try_write(std::span<const std::string_view> pieces) {
    tell_failure();
    return stream_->try_send(pieces);
}

/// It says so by itself, after what is unsent.
bool stream_transport::try_write_eof() {
    stream_->write_end();
    return true;
}

void stream_transport::wait(side which, transport_waiter& who) noexcept {
    try {
        if (which == side::write) {
            stream_->wait_to_send(who);
            return;
        }
        fd_state& fd = *stream_->fd();
        fd.watch();
        if (fd.ready(io_side::read)) {
            who.ready();
        } else {
            fd.wait(io_side::read, who);
        }
    } catch (...) {
        if (exec.loop != nullptr) {
            failure_ = std::current_exception();
        }
        who.ready();
    }
}

void stream_transport::stop_waiting(side which) noexcept {
    if (which == side::write) {
        stream_->stop_waiting_to_send();
    } else {
        stream_->fd()->leave(io_side::read);
    }
}

}  // namespace rondo::detail
