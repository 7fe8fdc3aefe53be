// SPDX-License-Identifier: MIT
#include "io/operations.hpp"
#include "io/receive_string.hpp"
#include "io/stream_calls.hpp"
#include "io/stream_core.hpp"
#include <rondo/base/detail/assert.hpp>
#include <rondo/io/detail/stream_awaiters.hpp>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

namespace rondo::detail {

stream_keeper::stream_keeper(const stream_ref& s) noexcept : stream_(s) {
    RONDO_DEBUG_ASSERT(stream_, "read, read_into or drain of a stream that was moved from");
}
stream_keeper::stream_keeper(stream_keeper&& other) noexcept = default;
stream_keeper::~stream_keeper() = default;

template <class T>
stream_read<T>::stream_read(const stream_ref& from, std::ptrdiff_t n) noexcept
    : stream_keeper(from), batched_input(*from->fd(), "read"), n_(n) {}

template <class T>
bool stream_read<T>::await_ready() {
    way_ = way::at_once;
    if (n_ == 0) {
        return true;
    }
    if (n_ < 0 || stream_->has_layer()) {
        way_ = way::in_steps;
        steps_ = make_box<inner_await<T>>(in_steps());
        return steps_->await_ready();
    }
    if (!stream_->kept().empty() || !stream_->may_read()) {
        take_kept();
        return true;
    }
    way_ = way::input;
    return batched_input::await_ready();
}

template <class T>
void stream_read<T>::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (way_ == way::in_steps) {
        steps_->await_suspend(handle);
    } else {
        batched_input::await_suspend(handle);
    }
}

template <class T>
T stream_read<T>::await_resume() {
    switch (way_) {
        case way::at_once:
            break;
        case way::input:
            stream_->took(batched_input::await_resume());
            break;
        case way::in_steps:
            return steps_->await_resume();
    }
    return std::move(read_);
}

template <class T>
bool stream_read<T>::expects_little() const noexcept {
    return stream_->expected().room() == 0;
}

template class stream_read<std::string>;
template class stream_read<std::size_t>;

// ---- read

read_awaiter::read_awaiter(const stream_ref& from, std::ptrdiff_t n) noexcept
    : stream_read(from, n) {}

std::ptrdiff_t read_awaiter::attempt() noexcept {
    return receive_string(state(), read_, static_cast<std::size_t>(n_), stream_->expected());
}

/// Not much: all that are ready receive before any task uses what came.
std::span<char> read_awaiter::room_at_edge(std::span<char> lent) noexcept {
    return lent.first(std::min(static_cast<std::size_t>(n_), lent.size()));
}

std::ptrdiff_t read_awaiter::keep(std::span<char> room, std::ptrdiff_t got) noexcept {
    if (got <= 0) {
        return got;
    }
    const auto size = static_cast<std::size_t>(got);
    stream_->expected().note(size, room.size());
    try {
        read_ = std::string(room.data(), size);
    } catch (const std::exception&) {
        return -ENOMEM;
    }
    return got;
}

void read_awaiter::take_kept() {
    read_ = stream_->take(std::min(static_cast<std::size_t>(n_), stream_->kept().size()));
}

coro<std::string> read_awaiter::in_steps() {
    return n_ < 0 ? read_all(stream_) : read_decoded(stream_, static_cast<std::size_t>(n_));
}

// ---- read_into

read_into_awaiter::read_into_awaiter(const stream_ref& from, std::span<char> to) noexcept
    : stream_read(from, static_cast<std::ptrdiff_t>(to.size())), to_(to) {}

std::ptrdiff_t read_into_awaiter::attempt() noexcept { return keep(to_, receive(state(), to_)); }

std::ptrdiff_t read_into_awaiter::keep(std::span<char> room, std::ptrdiff_t got) noexcept {
    read_ = static_cast<std::size_t>(std::max<std::ptrdiff_t>(got, 0));
    if (got > 0) {
        stream_->expected().note(read_, room.size());
    }
    return got;
}

void read_into_awaiter::take_kept() {
    read_ = stream_->kept().copy(to_.data(), to_.size());
    stream_->skip(read_);
}

coro<std::size_t> read_into_awaiter::in_steps() { return read_decoded_into(stream_, to_); }

// ---- into the buffer

buffered_read::buffered_read(const stream_ref& from, const char* name) noexcept
    : stream_keeper(from), batched_input(*from->fd(), name) {}

bool buffered_read::await_ready() {
    at_once_ = has_enough() || !stream_->may_read();
    if (at_once_) {
        return true;
    }
    if (stream_->has_layer() || wants_much()) {
        steps_ = make_box<inner_await<void>>(in_steps());
        return steps_->await_ready();
    }
    return batched_input::await_ready();
}

void buffered_read::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (steps_) {
        steps_->await_suspend(handle);
    } else {
        batched_input::await_suspend(handle);
    }
}

void buffered_read::finish() {
    if (steps_) {
        steps_->await_resume();
    } else if (!at_once_) {
        stream_->took(batched_input::await_resume());
    }
}

coro<void> buffered_read::in_steps() {
    while (!has_enough() && stream_->may_read()) {
        append_operation recv(state(), stream_->inlet());
        stream_->took(co_await recv);
    }
}

std::ptrdiff_t buffered_read::attempt() noexcept { return go_on(stream_->receive_once()); }

bool buffered_read::expects_little() const noexcept { return stream_->expected().room() == 0; }

std::ptrdiff_t buffered_read::keep(std::span<char> room, std::ptrdiff_t got) noexcept {
    if (got <= 0) {
        return got;
    }
    const auto size = static_cast<std::size_t>(got);
    stream_->expected().note(size, room.size());
    return go_on(stream_->keep({room.data(), size}));
}

/// A receive gave that. -EAGAIN only where the kernel has no more.
std::ptrdiff_t buffered_read::go_on(std::ptrdiff_t got) noexcept {
    while (got > 0 && !has_enough()) {
        got = state().ready(io_side::read) ? stream_->receive_once() : -EAGAIN;
    }
    return got;
}

fill_awaiter::fill_awaiter(const stream_ref& of, std::size_t at_least) noexcept
    : buffered_read(of, "fill"), at_least_(at_least) {}

bool fill_awaiter::await_resume() {
    finish();
    return has_enough();
}

bool fill_awaiter::has_enough() noexcept { return stream_->kept().size() >= at_least_; }
bool fill_awaiter::wants_much() const noexcept { return at_least_ > scratch_size; }

// ---- drain

namespace {

bool is_congested(const stream_core& s) noexcept { return s.congested(); }

}  // namespace

drain_awaiter::drain_awaiter(const stream_ref& of) noexcept
    : stream_keeper(of), turn(*of, of->drains(), is_congested, "drain") {}

bool drain_awaiter::await_ready() {
    stream_->check_not_lost("drain");
    if (turn::await_ready()) {
        return true;
    }
    stream_->fd()->check_loop("drain");  // it would be woken there
    return false;
}

void drain_awaiter::await_resume() const {
    turn::await_resume();
    stream_->check_not_lost("drain");
}

}  // namespace rondo::detail
