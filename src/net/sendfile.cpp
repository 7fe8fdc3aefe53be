// SPDX-License-Identifier: MIT
#include "io/operations.hpp"
#include "io/stream_core.hpp"
#include "os/file_core.hpp"
#include "sys/file.hpp"
#include "sys/unique_fd.hpp"
#include <rondo/io/detail/turn.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/net/socket.hpp>
#include <rondo/os/file.hpp>
#include <rondo/threads/to_thread.hpp>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <stdexcept>
#include <utility>

namespace rondo {

using detail::fd_ref;
using detail::stream_ref;

namespace {

/// At once: the disk may be slow, and the loop waits for it.
constexpr std::int64_t largest_piece = 256 * 1024;

/// Throws system_error when the file is closed, or cannot be read.
int readable_fd(const file& from) {
    detail::check_not_moved(from.core(), "sendfile")->to_read("sendfile");
    return from.fileno();
}

/// What is still to be sent of a file. It has a descriptor of its own, so that the file may go.
struct file_part {
    file_part(const file& from, std::int64_t begin, std::optional<std::int64_t> count)
        : offset(begin), left(count.value_or(std::numeric_limits<std::int64_t>::max())) {
        if (offset < 0 || left < 0) {
            throw std::invalid_argument("sendfile: offset and count are not negative");
        }
        source = sys::unique_fd(
            static_cast<int>(detail::check_io(sys::duplicate(readable_fd(from)), "sendfile")));
    }

    std::size_t next_piece() const noexcept {
        return static_cast<std::size_t>(std::min(left, largest_piece));
    }
    void sent_piece(std::ptrdiff_t size) noexcept {
        left -= size;
        sent += size;
    }

    sys::unique_fd source;
    std::int64_t offset;
    std::int64_t left;
    std::int64_t sent = 0;
};

/// One piece, from the file to the socket within the kernel. Gives 0 at the end of the file.
class sendfile_operation final : public detail::io_operation {
public:
    /// `by`: the stream that has the socket, if one has. Once it is closed nothing more leaves,
    /// though its socket may live on for what was written before.
    sendfile_operation(detail::fd_state& to, const detail::stream_core* by,
                       file_part& part) noexcept
        : io_operation(to, detail::io_side::write, "sendfile"), by_(by), part_(&part) {}

private:
    std::ptrdiff_t attempt() noexcept override {
        if (by_ != nullptr && !by_->takes_writes()) {
            return -EBADF;
        }
        return sys::sendfile(fd(), part_->source.get(), part_->offset, part_->next_piece());
    }
    const detail::stream_core* by_;
    file_part* part_;
};

/// The kernel cannot do this with such a file, or such a socket.
bool must_be_copied(std::ptrdiff_t result) noexcept {
    return result == -EINVAL || result == -ENOSYS || result == -EOPNOTSUPP || result == -ESPIPE;
}

/// Sends what the kernel can send by itself. Gives 0 at the end, else -errno.
coro<std::ptrdiff_t> send_within_kernel(fd_ref to, const detail::stream_core* by, file_part& part) {
    while (part.left > 0) {
        sendfile_operation send(*to, by, part);
        const std::ptrdiff_t result = co_await send;
        if (result <= 0) {
            co_return result;
        }
        part.sent_piece(result);
    }
    co_return 0;
}

std::string read_piece(int file, std::int64_t offset, std::size_t most) {
    std::string piece(most, '\0');
    const auto got = sys::read_at(file, piece.data(), piece.size(), offset);
    piece.resize(static_cast<std::size_t>(detail::check_io(got, "sendfile: read")));
    return piece;
}

/// The next piece of the file; empty at its end.
coro<std::string> take_piece(file_part& part) {
    std::string piece;
    if (part.left > 0) {
        piece = co_await to_thread(read_piece, part.source.get(), part.offset, part.next_piece());
    }
    part.offset += static_cast<std::int64_t>(piece.size());
    part.sent_piece(static_cast<std::ptrdiff_t>(piece.size()));
    co_return piece;
}

// What is passed lives as long as the task that runs them, and the file is not to stay open so
// long.

coro<std::int64_t> send_to_socket(fd_ref to, file_part given) {
    file_part part = std::move(given);
    std::ptrdiff_t result = co_await send_within_kernel(to, nullptr, part);
    if (must_be_copied(result) && part.sent == 0) {
        for (auto piece = co_await take_piece(part); !piece.empty();
             piece = co_await take_piece(part)) {
            co_await detail::send_all(to, piece, "sendfile");
        }
        result = 0;
    }
    detail::check_io(result, "sendfile");
    co_return part.sent;
}

/// The write side of a stream, for as long as it lives.
class lent_writer {
public:
    explicit lent_writer(stream_ref s) : stream_(std::move(s)) { stream_->lend("sendfile"); }
    lent_writer(const lent_writer&) = delete;
    lent_writer& operator=(const lent_writer&) = delete;
    ~lent_writer() { stream_->give_back(); }

private:
    stream_ref stream_;
};

bool has_unsent(const detail::stream_core& s) noexcept { return s.unsent() > 0; }

coro<void> copy_to_stream(stream_ref s, file_part& part) {
    for (auto piece = co_await take_piece(part); !piece.empty();
         piece = co_await take_piece(part)) {
        s->write_lent(piece);
        co_await detail::drain_awaiter(s);
    }
}

coro<std::int64_t> send_to_stream(stream_ref s, file_part given) {
    file_part part = std::move(given);
    const lent_writer writer(s);
    detail::turn<detail::stream_core> flushed(*s, s->flushes(), has_unsent, "sendfile");
    co_await flushed;
    s->check_not_lost("sendfile");
    std::ptrdiff_t result = -EOPNOTSUPP;
    if (!s->fd()->is_transport()) {
        result = co_await send_within_kernel(s->fd(), s.get(), part);
    }
    if (must_be_copied(result) && part.sent == 0) {
        co_await copy_to_stream(s, part);
    } else if (result < 0) {
        if (result != -EBADF) {
            s->lose(result);
        }
        detail::throw_io_error(static_cast<int>(result), "sendfile");
    }
    co_return part.sent;
}

}  // namespace

coro<std::int64_t> stream::sendfile(const file& from, std::int64_t offset,
                                    std::optional<std::int64_t> count) {
    return send_to_stream(detail::check_not_moved(core_, "sendfile"),
                          file_part(from, offset, count));
}

coro<std::int64_t> sock_sendfile(sock_ref to, const file& from, std::int64_t offset,
                                 std::optional<std::int64_t> count) {
    return send_to_socket(to.state(), file_part(from, offset, count));
}

}  // namespace rondo
