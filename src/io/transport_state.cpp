// SPDX-License-Identifier: MIT
#include "io/transport_state.hpp"

#include <rondo/core/event_loop.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace rondo::detail {

transport_state::transport_state(box<transport> over) noexcept
    : fd_state(-1, ownership::borrowed, fd_kind::transport), transport_(std::move(over)) {}

transport_state::~transport_state() { close(); }

namespace {

/// Those pieces without the first so many bytes, nor what has none.
std::span<std::string_view> without_first(std::span<std::string_view> pieces,
                                          std::size_t bytes) noexcept {
    while (!pieces.empty() && bytes >= pieces.front().size()) {
        bytes -= pieces.front().size();
        pieces = pieces.subspan(1);
    }
    if (!pieces.empty()) {
        pieces.front().remove_prefix(bytes);
    }
    return pieces;
}

}  // namespace

/// What a try gives, as a system call would.
template <class Try>
inline std::ptrdiff_t transport_state::attempt(Try once) noexcept {
    if (over_) {
        return -EBADF;
    }
    try {
        const std::optional<std::size_t> done = once();
        return done ? static_cast<std::ptrdiff_t>(*done) : -EAGAIN;
    } catch (const std::system_error& error) {
        const int code = error.code().value();
        if (code > 0 && (error.code().category() == std::generic_category() ||
                         error.code().category() == std::system_category())) {
            broken_ = true;
            return -code;
        }
        failure_ = std::current_exception();
    } catch (...) {
        failure_ = std::current_exception();
    }
    return -ECONNABORTED;
}

std::ptrdiff_t transport_state::receive_through(std::span<char> to) noexcept {
    return attempt([&] { return transport_->try_read(to); });
}

/// Less than all only where the transport takes nothing more now.
std::ptrdiff_t transport_state::send_through(std::span<const std::string_view> pieces) noexcept {
    const std::ptrdiff_t sent = attempt([&] { return transport_->try_write(pieces); });
    std::size_t size = 0;
    for (const std::string_view piece : pieces) {
        size += piece.size();
    }
    const bool all_or_none = sent <= 0 || static_cast<std::size_t>(sent) >= size;
    return all_or_none ? sent : send_rest(pieces, sent);
}

std::ptrdiff_t transport_state::send_rest(std::span<const std::string_view> pieces,
                                          std::ptrdiff_t sent) noexcept {
    std::array<std::string_view, sys::most_pieces> left;
    std::copy(pieces.begin(), pieces.end(), left.begin());
    auto rest = without_first(std::span(left).first(pieces.size()), static_cast<std::size_t>(sent));
    while (!rest.empty()) {
        const std::ptrdiff_t now = attempt([&] { return transport_->try_write(rest); });
        if (now <= 0) {
            return now == 0 || now == -EAGAIN ? sent : now;
        }
        sent += now;
        rest = without_first(rest, static_cast<std::size_t>(now));
    }
    return sent;
}

bool transport_state::write_eof() noexcept {
    const std::ptrdiff_t said = attempt([&]() -> std::optional<std::size_t> {
        return transport_->try_write_eof() ? std::optional<std::size_t>(0) : std::nullopt;
    });
    if (said != -EAGAIN) {
        return true;  // or it cannot be said any more
    }
    exhausted(io_side::write);
    return false;
}

void transport_state::throw_failure() {
    if (failure_) {
        std::rethrow_exception(std::exchange(failure_, nullptr));
    }
}

// ---- waiting

void transport_state::wait_through(io_side side) noexcept {
    if (over_) {
        mark_ready(side);
        return;
    }
    asks_ = true;
    transport_->wait(side, side == io_side::read ? reads_ : writes_);
    asks_ = false;
}

void transport_state::side_ready(io_side side) noexcept {
    if (asks_) {
        mark_ready(side);
        tell_later();
        return;
    }
    on_ready(side == io_side::read ? io_events::read : io_events::write, false);
}

void transport_state::tell_later() noexcept {
    if (!linked() && exec.loop != nullptr) {
        retain();
        exec.loop->put_off(*this);
    }
}

void transport_state::run() noexcept {
    const auto keep = fd_ref::adopt(*this);
    on_ready(io_events::none, false);
}

// ---- the end

void transport_state::stop_waiting() noexcept {
    transport_->stop_waiting(io_side::read);
    transport_->stop_waiting(io_side::write);
}

void transport_state::close_through() noexcept {
    if (!std::exchange(over_, true)) {
        stop_waiting();
        transport_->close();
    }
}

void transport_state::abort() noexcept {
    if (!std::exchange(over_, true)) {
        stop_waiting();
        transport_->abort();
    }
}

void transport_state::break_off() noexcept {
    if (!broken_) {
        close_through();
        turn_away(io_side::read);
    }
}

}  // namespace rondo::detail
