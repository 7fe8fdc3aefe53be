// SPDX-License-Identifier: MIT
#include "io/stream_core.hpp"

#include "io/lingering.hpp"
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
        throw_io_error(static_cast<int>(result), "read");
    }
    end_ = result == 0;
    if (layer_) {
        decode();
    }
    return !end_;
}

void stream_core::decode() {
    std::string answer;
    try {
        if (end_) {
            layer_->wire_ended();
        }
        end_ = !layer_->decode(std::exchange(wire_, {}), in_.tail(), answer) || end_;
    } catch (...) {
        end_ = true;
        break_off();
        throw;
    }
    if (!answer.empty() && !closing_ && lost_ == 0) {
        put_encoded(answer);
    }
}

void stream_core::set_layer(box<stream_layer> layer) {
    layer_ = std::move(layer);
    wire_ = in_.take(in_.size());
    if (!wire_.empty()) {
        decode();
    }
}

void stream_core::end_reading() noexcept {
    end_ = true;
    fd_->turn_away(io_side::read);
}

// ---- writing

void stream_core::check_not_lost(const char* operation) const {
    if (lost_ != 0) {
        throw_io_error(-lost_, operation);
    }
}

/// How much went; less than all means that it waits for the next edge.
inline std::ptrdiff_t stream_core::send_some(std::string_view data) noexcept {
    return fd_->ready(io_side::write) ? note_sent(data, fd_->send(data)) : 0;
}

/// The same of what the kernel said.
inline std::ptrdiff_t stream_core::note_sent(std::string_view data, std::ptrdiff_t sent) noexcept {
    if (sent == static_cast<std::ptrdiff_t>(data.size())) [[likely]] {
        return sent;
    }
    if (sent < 0 && sent != -EAGAIN) {
        return sent;
    }
    fd_->exhausted(io_side::write);
    return std::max<std::ptrdiff_t>(sent, 0);
}

void stream_core::write(std::string_view data) {
    if (!writing_) {
        return;
    }
    if (end_wanted_) {
        throw std::runtime_error("stream::write: not after write_eof()");
    }
    if (lent_ || finds_strangers_) [[unlikely]] {
        check_write();
    }
    put(data);
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

inline void stream_core::put(std::string_view data) {
    if (closing_ || lost_ != 0) {
        return;
    }
    if (layer_) {
        put_through_layer(data);
    } else {
        put_on_wire(data);
    }
}

void stream_core::put_through_layer(std::string_view data) {
    std::string wire;
    try {
        layer_->encode(data, wire);
    } catch (...) {
        break_off();
        throw;
    }
    put_encoded(wire);
}

/// What a layer has made of plain bytes counts on all that it made before: nothing may be missing.
void stream_core::put_encoded(std::string_view wire) {
    try {
        put_on_wire(wire);
    } catch (...) {
        break_off();
        throw;
    }
}

inline void stream_core::put_on_wire(std::string_view data) {
    if (may_be_batched(data)) {
        send_batch& batch = loop_io::of(*exec.loop).sends();
        batch.add(*this, data);
        batch_ = &batch;  // not before: to make room, add() sends what it has
    } else {
        send_batched();
        send_now(data);
    }
}

/// Where nothing else is to be done there is nothing to wait for. A pipe may be written to by
/// others, too, so that the order must stay; and a connection that was not waited for yet may be on
/// its way to another loop.
inline bool stream_core::may_be_batched(std::string_view data) const noexcept {
    return !sending_ && data.size() <= send_batch::largest_piece && !data.empty() &&
           exec.loop != nullptr && exec.loop->is_busy() && fd_->loop() == exec.loop &&
           fd_->kind() == fd_kind::socket;
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

void stream_core::keep_rest(std::string_view data, std::ptrdiff_t sent) {
    if (sent < 0) {
        lose(sent);
        return;
    }
    try {
        out_.tail().append(data.substr(static_cast<std::size_t>(sent)));
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
    return lost_ == 0 && !sending_ && fd_->ready(io_side::write);
}

void stream_core::sent_from_batch(std::string_view data, std::ptrdiff_t sent) noexcept {
    const std::ptrdiff_t went = note_sent(data, sent);
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
    const std::ptrdiff_t sent = send_some(out_.kept());
    if (sent < 0) {
        lose(sent);
        return true;
    }
    out_.skip(static_cast<std::size_t>(sent));
    if (unsent() <= low_mark) {
        relieve();
    }
    if (unsent() > 0) {
        return false;
    }
    all_sent();
    return true;
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
    } else {
        close();
    }
}

void stream_core::relieve() noexcept {
    congested_ = false;
    wake_all(drains_);
    if (unsent() == 0) {
        wake_all(flushes_);
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
    } else if (end_wanted_) {
        end_sending();
    }
}

/// The layer cannot go on. What was written before that may leave.
void stream_core::break_off() noexcept {
    send_batched();
    lose(-ECONNABORTED);
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
    if (layer_) {
        throw std::runtime_error(
            "stream::write_eof: a connection that is changed by a layer, such as TLS, has no "
            "halves; close() it");
    }
    end_writing();
}

void stream_core::end_writing() noexcept {
    send_batched();
    if (!std::exchange(end_wanted_, true) && !closing_ && !sending_) {
        end_sending();
    }
}

// ---- the end

void stream_core::close() noexcept {
    if (closing_) {
        return;
    }
    put_farewell();
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
        if (!layer_ && lost_ == 0) {
            end_writing();
        }
    }
    if (!may_send()) {
        wake_all(closers_);
    }
}

void stream_core::put_farewell() noexcept {
    if (!layer_ || lost_ != 0 || lent_) {
        return;
    }
    try {
        std::string wire;
        layer_->encode_farewell(wire);
        put_on_wire(wire);
    } catch (...) {
        break_off();  // there is no loop, or no memory: the other side sees a plain end
    }
}

/// Closes what need not linger, and lets the rest do it; while something is unsent, and when all of
/// it is sent.
void stream_core::linger() noexcept {
    const auto keep = stream_ref::share(*this);
    const bool may = fd_->kind() == fd_kind::socket && lost_ == 0 && !peer_ended_ && !closed();
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
