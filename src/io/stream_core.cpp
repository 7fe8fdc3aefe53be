// SPDX-License-Identifier: MIT
#include "io/stream_core.hpp"

#include "io/lingering.hpp"
#include "io/receive_string.hpp"
#include "io/stream_transport.hpp"
#include "io/transport_state.hpp"
#include "sys/socket.hpp"
#include <rondo/core/event_loop.hpp>
#include <rondo/io/detail/turn.hpp>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace rondo::detail {

stream_core::stream_core(fd_ref fd, std::size_t limit) noexcept
    : fd_(std::move(fd)),
      finds_strangers_(exec.loop != nullptr && exec.loop->debug()),
      limit_(limit) {}

stream_core::~stream_core() = default;

// ---- reading

bool stream_core::may_read() const {
    if (end_) {
        return false;
    }
    if (closing_ || !reading_) {
        throw_io_error(-EBADF, "read");
    }
    return true;
}

std::ptrdiff_t stream_core::receive_once() noexcept {
    std::string& to = in_.tail();
    if (to.empty()) {
        return receive_string(*fd_, to, scratch_size, expected_);
    }
    const std::ptrdiff_t got = receive_appending(*fd_, to, scratch_size);
    if (got > 0) {
        expected_.note(static_cast<std::size_t>(got), scratch_size);
    }
    return got;
}

std::ptrdiff_t stream_core::keep(std::string_view bytes) noexcept {
    try {
        if (std::string& to = in_.tail(); to.empty()) {
            to = std::string(bytes);
        } else {
            to.append(bytes);
        }
        return static_cast<std::ptrdiff_t>(bytes.size());
    } catch (const std::exception&) {
        return -ENOMEM;
    }
}

bool stream_core::took(std::ptrdiff_t result) {
    peer_ended_ = peer_ended_ || result == 0;
    if (end_) {
        return false;  // end_reading() came first
    }
    if (result == -EAGAIN) {
        return true;
    }
    if (result < 0) {
        if (result != -EBADF) {
            lose(result);
        }
        throw_lost(result, "read");
    }
    end_ = result == 0;
    return !end_;
}

void stream_core::end_reading() noexcept {
    end_ = true;
    fd_->turn_away(io_side::read);
}

// ---- writing

void stream_core::check_not_lost(const char* operation) const {
    if (lost_ != 0) {
        throw_lost(-lost_, operation);
    }
}

/// What a transport has thrown says more than a number, but only once.
void stream_core::tell_failure() const {
    if (fd_->is_transport()) {
        transport_of(*fd_).throw_failure();
    }
}

void stream_core::throw_lost(std::ptrdiff_t negative_errno, const char* operation) const {
    tell_failure();
    const bool was_lost = negative_errno == -EBADF && lost_ != 0;
    throw_io_error(was_lost ? -lost_ : static_cast<int>(negative_errno), operation);
}

/// How much went; less than all means that it waits for the next edge.
inline std::ptrdiff_t stream_core::send_some(std::string_view data) noexcept {
    return fd_->ready(io_side::write) ? note_sent(data.size(), fd_->send(data)) : 0;
}

/// The same of what the kernel said.
inline std::ptrdiff_t stream_core::note_sent(std::size_t size, std::ptrdiff_t sent) noexcept {
    if (sent == static_cast<std::ptrdiff_t>(size)) [[likely]] {
        return sent;
    }
    if (sent < 0 && sent != -EAGAIN) {
        return sent;
    }
    fd_->exhausted(io_side::write);
    return std::max<std::ptrdiff_t>(sent, 0);
}

/// That of a transport, if it is no system_error. Other losses are told to who drains or reads.
inline void stream_core::tell_failure_of_write() const {
    if (lost_ != 0) [[unlikely]] {
        tell_failure();
    }
}

/// Whether it is dropped without a word. Throws where it is not allowed.
inline bool stream_core::must_not_write() const {
    if (!writing_) {
        return true;
    }
    if (end_wanted_) {
        throw std::runtime_error("stream::write: not after write_eof()");
    }
    if (lent_ || finds_strangers_) [[unlikely]] {
        check_write();
    }
    return closing_ || lost_ != 0;
}

void stream_core::write(std::string_view data) {
    if (!must_not_write()) {
        put(data);
        tell_failure_of_write();
    }
}

void stream_core::write(std::string&& data) {
    if (must_not_write()) {
        return;
    }
    if (may_be_batched(data.size())) {
        put(data);
        return;
    }
    send_batched();
    const std::ptrdiff_t sent = sending_ ? 0 : send_some(data);
    if (sent < static_cast<std::ptrdiff_t>(data.size())) {
        keep_rest(std::move(data), sent);
        tell_failure_of_write();
    }
}

void stream_core::write(std::span<const std::string_view> pieces) {
    std::size_t size = 0;
    for (const std::string_view piece : pieces) {
        size += piece.size();
    }
    if (!must_not_write() && size > 0) {
        put_pieces(pieces, size);
        tell_failure_of_write();
    }
}

void stream_core::write_lent(std::string_view data) {
    check_not_lost("sendfile");
    if (!takes_writes()) {
        throw_io_error(-EBADF, "sendfile");
    }
    put(data);
}

void stream_core::check_write() const {
    fd_->check_loop("stream::write");
    if (lent_) {
        throw std::runtime_error("stream::write: not while a file is being sent");
    }
}

[[gnu::always_inline]] inline void stream_core::put(std::string_view data) {
    if (may_be_batched(data.size())) {
        batch({&data, 1}, data.size());
    } else {
        send_batched();
        send_now(data);
    }
}

void stream_core::put_pieces(std::span<const std::string_view> pieces, std::size_t size) {
    if (may_be_batched(size)) {
        batch(pieces, size);
    } else {
        send_batched();
        send_pieces_now(pieces, size);
    }
}

inline void stream_core::batch(std::span<const std::string_view> pieces,
                               std::size_t size) noexcept {
    send_batch& batch = loop_io::of(*exec.loop).sends();
    batch.add(*this, pieces, size);
    batch_ = &batch;  // not before: to make room, add() sends what it has
}

/// Where nothing else is to be done there is nothing to wait for. A pipe may be written to by
/// others, too, so that the order must stay; and a connection that was not waited for yet may be on
/// its way to another loop.
inline bool stream_core::may_be_batched(std::size_t size) const noexcept {
    return !sending_ && size <= send_batch::largest_piece && size > 0 && exec.loop != nullptr &&
           exec.loop->is_busy() && fd_->loop() == exec.loop && fd_->kind() != fd_kind::pipe;
}

void stream_core::send_batched() noexcept {
    if (batch_ != nullptr) {
        batch_->send();
    }
}

inline void stream_core::send_now(std::string_view data) {
    std::ptrdiff_t sent = 0;
    if (sending_) {
        fd_->check_loop("stream::write");
    } else {
        sent = send_some(data);
    }
    if (sent < static_cast<std::ptrdiff_t>(data.size())) {
        keep_rest(data, sent);
    }
}

/// Where less leaves than a call was given, the rest waits, and what comes after it.
void stream_core::send_pieces_now(std::span<const std::string_view> pieces, std::size_t size) {
    while (size > 0) {
        const auto now = pieces.first(std::min(pieces.size(), sys::most_pieces));
        std::size_t wanted = 0;
        for (const std::string_view piece : now) {
            wanted += piece.size();
        }
        std::ptrdiff_t sent = 0;
        if (sending_) {
            fd_->check_loop("stream::write");
        } else if (fd_->ready(io_side::write)) {
            sent = note_sent(wanted, fd_->send(now));
        }
        if (sent < static_cast<std::ptrdiff_t>(wanted)) {
            keep_rest(pieces, sent);
            return;
        }
        pieces = pieces.subspan(now.size());
        size -= wanted;
    }
}

void stream_core::keep_rest(std::string_view data, std::ptrdiff_t sent) {
    keep_by(sent, [&](std::size_t left) { out_.tail().append(data.substr(left)); });
}

void stream_core::keep_rest(std::string&& data, std::ptrdiff_t sent) {
    keep_by(sent, [&](std::size_t left) {
        if (out_.empty()) {
            out_.adopt(std::move(data), left);
        } else {
            out_.tail().append(data);
        }
    });
}

void stream_core::keep_rest(std::span<const std::string_view> pieces, std::ptrdiff_t sent) {
    keep_by(sent, [&](std::size_t left) {
        std::size_t size = 0;
        for (const std::string_view piece : pieces) {
            size += piece.size();
        }
        out_.tail().reserve(out_.tail().size() + size - left);  // all of it is kept, or nothing
        for (const std::string_view piece : pieces) {
            const std::size_t gone = std::min(left, piece.size());
            out_.tail().append(piece.substr(gone));
            left -= gone;
        }
    });
}

/// Of what a write was given so much has left, or it failed; `keep` keeps the rest.
template <class Keep>
inline void stream_core::keep_by(std::ptrdiff_t sent, Keep keep) {
    if (sent < 0) {
        lose(sent);
        return;
    }
    try {
        keep(static_cast<std::size_t>(sent));
        if (!sending_) {
            start_sending();
        }
    } catch (...) {
        // Without a loop, or memory. None of it was written then; or, where a part has left
        // already, nothing may follow that in place of the rest.
        if (!sending_) {
            out_.clear();
        }
        if (sent > 0) {
            lose(-ECONNABORTED);
        }
        throw;
    }
    congested_ = congested_ || unsent() > high_mark;
}

bool stream_core::end_batched() noexcept {
    batch_ = nullptr;
    return lost_ == 0 && !sending_ && !fd_->is_transport() && fd_->ready(io_side::write);
}

void stream_core::sent_from_batch(std::string_view data, std::ptrdiff_t sent) noexcept {
    const std::ptrdiff_t went = note_sent(data.size(), sent);
    if (went == static_cast<std::ptrdiff_t>(data.size())) [[likely]] {
        return;
    }
    try {
        keep_rest(data, went);
    } catch (const std::exception&) {
        lose(-ENOMEM);  // nowhere to keep it
    }
}

void stream_core::send_from_batch(std::string_view data) noexcept {
    if (lost_ != 0) {
        return;
    }
    try {
        send_now(data);
    } catch (const std::exception&) {
        lose(-ENOMEM);
    }
}

void stream_core::start_sending() {
    loop_io& io = loop_io::of(running_core("stream::write"));
    fd_->watch();
    fd_->wait(io_side::write, *this);
    io.add(*this);
    sending_ = true;
    retain();
}

void stream_core::stop_sending() noexcept {
    if (!std::exchange(sending_, false)) {
        return;
    }
    fd_->leave(io_side::write);
    leave();
    release();
}

bool stream_core::try_again() noexcept {
    const auto keep = stream_ref::share(*this);
    if (unsent() > 0) {
        const std::ptrdiff_t sent = send_some(out_.kept());
        if (sent < 0) {
            lose(sent);
            return true;
        }
        out_.skip(static_cast<std::size_t>(sent));
        if (unsent() <= low_mark) {
            relieve();
        }
    }
    if (unsent() > 0 || !end_is_said()) {
        return false;
    }
    all_sent();
    return true;
}

/// Whether it is, where a transport is to be told. What it does not take now is said again.
bool stream_core::end_is_said() noexcept {
    if (fd_->is_transport() && (closing_ || end_wanted_) && !end_said_ && lost_ == 0) {
        end_said_ = transport_of(*fd_).write_eof();
        return end_said_;
    }
    return true;
}

/// Says it, or goes on sending until it is said.
void stream_core::say_end_later() noexcept {
    if (end_is_said()) {
        return;
    }
    try {
        start_sending();
    } catch (const std::exception&) {
        // There is no loop, or no memory: the other side sees a plain end.
    }
}

void stream_core::all_sent() noexcept {
    stop_sending();
    relieve();
    if (closing_) {
        linger();
    } else if (end_wanted_) {
        end_sending();
    }
    if (!may_send()) {
        wake_all(closers_);
    }
}

/// A socket can still be read from; a pipe has no other side.
void stream_core::end_sending() noexcept {
    if (fd_->kind() == fd_kind::socket) {
        sys::shutdown(fd_->fd(), sys::half::write);
    } else if (fd_->is_transport()) {
        say_end_later();
    } else {
        close();
    }
}

void stream_core::relieve() noexcept {
    congested_ = false;
    wake_all(drains_);
    if (unsent() == 0) {
        wake_all(flushes_);
        if (next_sender_ != nullptr && !sending_) {
            std::exchange(next_sender_, nullptr)->ready();
        }
    }
}

void stream_core::lose(std::ptrdiff_t negative_errno) noexcept {
    const auto keep = stream_ref::share(*this);
    lost_ = static_cast<int>(-negative_errno);
    out_.clear();
    stop_sending();
    relieve();
    if (closing_) {
        finish_close();
    } else if (fd_->kind() == fd_kind::socket) {
        // Whoever reads gets what has come and then the end, and does not wait for an answer to
        // what was never sent.
        sys::shutdown(fd_->fd(), sys::half::both);
    } else if (fd_->is_transport()) {
        transport_of(*fd_).break_off();
    } else if (end_wanted_) {
        end_sending();
    }
}

void stream_core::lend(const char* operation) {
    send_batched();
    if (lent_ || end_wanted_) {
        throw std::runtime_error(std::string(operation) + (lent_ ? ": another file is being sent"
                                                                 : ": not after write_eof()"));
    }
    if (closing_) {
        throw_io_error(-EBADF, operation);
    }
    check_not_lost(operation);
    lent_ = true;
}

void stream_core::write_end() {
    if (lent_) {
        throw std::runtime_error("stream::write_eof: not while a file is being sent");
    }
    end_writing();
}

void stream_core::end_writing() noexcept {
    send_batched();
    if (!std::exchange(end_wanted_, true) && !closing_ && !sending_) {
        end_sending();
    }
}

// ---- as a transport of another stream

void stream_core::check_may_detach() const {
    if (closing_ || closed()) {
        throw_io_error(-EBADF, "detach");
    }
    if (lent_ || end_wanted_ || split_ || fd_->awaited(io_side::read)) {
        throw std::runtime_error(
            "stream::detach: not while another task reads or a file is being sent, and not after "
            "write_eof()");
    }
}

std::optional<std::size_t> stream_core::try_send(std::span<const std::string_view> pieces) {
    check_not_lost("write");
    if (closing_ || end_wanted_) {
        throw_io_error(-EBADF, "write");
    }
    send_batched();
    if (sending_ || !fd_->ready(io_side::write)) {
        check_not_lost("write");
        return std::nullopt;
    }
    const auto now = pieces.first(std::min(pieces.size(), sys::most_pieces));
    std::size_t size = 0;
    for (const std::string_view piece : now) {
        size += piece.size();
    }
    const std::ptrdiff_t sent = now.size() == 1 ? fd_->send(now[0]) : fd_->send(now);
    if (sent < 0 && sent != -EAGAIN) {
        lose(sent);
        throw_lost(sent, "write");
    }
    note_sent(size, sent);
    return sent > 0 ? std::optional(static_cast<std::size_t>(sent)) : std::nullopt;
}

void stream_core::wait_to_send(transport_waiter& who) {
    if (sending_) {
        next_sender_ = &who;
        return;
    }
    fd_->watch();
    if (fd_->ready(io_side::write)) {
        who.ready();
    } else {
        fd_->wait(io_side::write, stream_transport::as_io_waiter(who));
    }
}

void stream_core::stop_waiting_to_send() noexcept {
    next_sender_ = nullptr;
    if (!sending_) {
        fd_->leave(io_side::write);
    }
}

transport_info stream_core::info() const {
    transport_info result;
    if (closing_ || closed()) {
        return result;
    }
    if (fd_->is_transport()) {
        return transport_of(*fd_).over().info();
    }
    sys::socket_address raw;
    sys::getpeername(fd_->fd(), raw);
    result.peername = address(raw);
    raw = {};
    sys::getsockname(fd_->fd(), raw);
    result.sockname = address(raw);
    result.fileno = fd_->fd();
    return result;
}

// ---- the end

void stream_core::close() noexcept {
    if (closing_) {
        return;
    }
    send_batched();
    closing_ = true;
    fd_->turn_away(io_side::read);
    if (lent_ && !sending_) {
        fd_->turn_away(io_side::write);
    }
    linger();
}

void stream_core::close_half(io_side side) noexcept {
    if (side == io_side::write) {
        send_batched();
    }
    (side == io_side::read ? reading_ : writing_) = false;
    if (!split_ || (!reading_ && !writing_)) {
        close();
    } else if (side == io_side::read) {
        fd_->turn_away(io_side::read);
    } else {
        if (lent_ && !sending_) {
            fd_->turn_away(io_side::write);
        }
        if (lost_ == 0) {
            end_writing();
        }
    }
    if (!may_send()) {
        wake_all(closers_);
    }
}

/// Closes what need not linger, and lets the rest do it; while something is unsent, and when all of
/// it is sent.
void stream_core::linger() noexcept {
    const auto keep = stream_ref::share(*this);
    if (!sending_ && !closed()) {
        say_end_later();
    }
    const bool is_one = fd_->kind() == fd_kind::socket || (fd_->is_transport() && sending_);
    const bool may = is_one && lost_ == 0 && !peer_ended_ && !closed();
    if (may && (lingering_ || sending_ || lingering::is_needed(*fd_))) {
        if (!lingering_) {
            auto begun = lingering::begin(*this);
            if (closed()) {
                return;  // it has found out that the connection is broken
            }
            lingering_ = std::move(begun);
        }
        if (lingering_ && !sending_) {
            lingering_->all_is_sent();
            return;
        }
    }
    if (!sending_) {
        finish_close();
    }
}

void stream_core::abort() noexcept {
    const auto keep = stream_ref::share(*this);  // while it sends it may be its only owner
    send_batched();
    closing_ = true;
    if (unsent() > 0 && lost_ == 0) {
        lost_ = ECONNABORTED;
    }
    out_.clear();
    stop_sending();
    if (fd_->is_transport()) {
        transport_of(*fd_).abort();
    }
    finish_close();
}

void stream_core::finish_close() noexcept {
    const auto keep = stream_ref::share(*this);  // what lingers may be its only owner
    lingering_ = {};
    fd_->close();
    relieve();
    wake_all(closers_);
}

void stream_core::loop_closes() noexcept {
    if (closing_) {
        abort();
    } else {
        lost_ = ECONNABORTED;
        out_.clear();
        stop_sending();
    }
}

std::string_view buffered_of(const stream_ref& stream) noexcept {
    return stream ? stream->kept() : std::string_view();
}

void consume(const stream_ref& stream, std::size_t n) {
    const std::size_t there = buffered_of(stream).size();
    if (n > there) {
        throw std::out_of_range("consume: " + std::to_string(n) + " bytes, and " +
                                std::to_string(there) + " are buffered");
    }
    if (n > 0) {
        stream->skip(n);
    }
}

const stream_ref& check_not_moved(const stream_ref& stream, const char* operation) {
    if (!stream) {
        throw_io_error(-EBADF, operation);
    }
    return stream;
}

stream_ref pipe_stream(int fd, std::size_t limit, const char* what) {
    fd_ref owned = own_fd(fd, fd_kind::pipe);  // first: whatever fails then, it is closed
    const int result = sys::set_nonblocking(fd);
    if (result < 0) {
        throw_io_error(result, std::string(what) + ": file descriptor " + std::to_string(fd));
    }
    return stream_ref::adopt(*new stream_core(std::move(owned), limit));
}

}  // namespace rondo::detail
