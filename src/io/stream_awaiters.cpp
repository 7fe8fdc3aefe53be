// SPDX-License-Identifier: MIT
#include "io/operations.hpp"
#include "io/receive_string.hpp"
#include "io/stream_core.hpp"
#include <rondo/base/detail/assert.hpp>
#include <rondo/io/detail/stream_awaiters.hpp>
#include <rondo/io/errors.hpp>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

stream_keeper::stream_keeper(const stream_ref& s) noexcept : stream_(s) {
    RONDO_DEBUG_ASSERT(stream_, "read, read_into or drain of a stream that was moved from");
}
stream_keeper::stream_keeper(stream_keeper&& other) noexcept = default;
stream_keeper::~stream_keeper() = default;

stream_read::stream_read(const stream_ref& from, const char* name, bool much) noexcept
    : stream_keeper(from), batched_input(*from->fd(), name), much_(much) {}

bool stream_read::await_ready() {
    at_once_ = is_served() || !stream_->may_read();
    if (at_once_) {
        return true;
    }
    if (much_) [[unlikely]] {
        steps_ = make_box<inner_await<void>>(in_steps());
        return steps_->await_ready();
    }
    return batched_input::await_ready();
}

void stream_read::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (steps_) {
        steps_->await_suspend(handle);
    } else {
        batched_input::await_suspend(handle);
    }
}

inline bool stream_read::finish() {
    if (at_once_) {
        return true;
    }
    if (steps_) {
        steps_->await_resume();
        return true;
    }
    stream_->took(batched_input::await_resume());
    return false;
}

coro<void> stream_read::in_steps() {
    while (!is_served() && stream_->may_read()) {
        append_operation recv(state(), stream_->tail());
        stream_->took(co_await recv);
    }
}

std::ptrdiff_t stream_read::attempt() noexcept { return go_on(stream_->receive_once()); }

bool stream_read::expects_little() const noexcept { return stream_->expected().room() == 0; }

std::ptrdiff_t stream_read::keep(std::span<char> room, std::ptrdiff_t got) noexcept {
    if (got <= 0) {
        return got;
    }
    const auto size = static_cast<std::size_t>(got);
    stream_->expected().note(size, room.size());
    return go_on(stream_->keep({room.data(), size}));
}

/// A receive gave that. -EAGAIN only where the kernel has no more.
std::ptrdiff_t stream_read::go_on(std::ptrdiff_t got) noexcept {
    while (got > 0 && !is_served()) {
        got = state().ready(io_side::read) ? stream_->receive_once() : -EAGAIN;
    }
    return got;
}

// ---- read

read_awaiter::read_awaiter(const stream_ref& from, std::ptrdiff_t n) noexcept
    : stream_read(from, "read", n < 0), n_(n) {}

bool read_awaiter::is_served() noexcept { return n_ == 0 || (n_ > 0 && !stream_->kept().empty()); }

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

std::string read_awaiter::await_resume() {
    if (!finish()) {
        return std::move(read_);
    }
    const std::size_t there = stream_->kept().size();
    return stream_->take(n_ < 0 ? there : std::min(static_cast<std::size_t>(n_), there));
}

// ---- read_into

read_into_awaiter::read_into_awaiter(const stream_ref& from, std::span<char> to) noexcept
    : stream_read(from, "read_into"), to_(to) {}

bool read_into_awaiter::is_served() noexcept { return to_.empty() || !stream_->kept().empty(); }

std::ptrdiff_t read_into_awaiter::attempt() noexcept { return keep(to_, receive(state(), to_)); }

std::ptrdiff_t read_into_awaiter::keep(std::span<char> room, std::ptrdiff_t got) noexcept {
    read_ = static_cast<std::size_t>(std::max<std::ptrdiff_t>(got, 0));
    if (got > 0) {
        stream_->expected().note(read_, room.size());
    }
    return got;
}

std::size_t read_into_awaiter::await_resume() {
    if (finish()) {
        read_ = stream_->kept().copy(to_.data(), to_.size());
        stream_->skip(read_);
    }
    return read_;
}

// ---- fill, readexactly

fill_awaiter::fill_awaiter(const stream_ref& of, std::size_t n, const char* name) noexcept
    : stream_read(of, name, n > scratch_size), n_(n) {}

bool fill_awaiter::await_resume() {
    finish();
    return fill_awaiter::is_served();
}

bool fill_awaiter::is_served() noexcept { return stream_->kept().size() >= n_; }

readexactly_awaiter::readexactly_awaiter(const stream_ref& from, std::size_t n) noexcept
    : fill_awaiter(from, n, "readexactly") {}

std::string readexactly_awaiter::await_resume() {
    if (!fill_awaiter::await_resume()) {
        throw incomplete_read_error(stream_->take(stream_->kept().size()), n_);
    }
    return stream_->take(n_);
}

// ---- readuntil, readline

namespace {

limit_overrun_error overrun(const char* what, const stream_core& s, std::size_t consumed) {
    const std::string text =
        std::string(what) + " the limit of " + std::to_string(s.limit()) + " bytes";
    return limit_overrun_error(text.c_str(), consumed);
}

[[noreturn]] void throw_empty_separator() {
    throw std::invalid_argument("readuntil: a separator has at least one byte");
}

}  // namespace

readuntil_awaiter::readuntil_awaiter(const stream_ref& from, std::string separator)
    : stream_read(from, "readuntil"), longest_(separator.size()), separator_(std::move(separator)) {
    if (separator_.empty()) {
        throw_empty_separator();
    }
}

readuntil_awaiter::readuntil_awaiter(const stream_ref& from, std::vector<std::string> separators)
    : stream_read(from, "readuntil"), longest_(0), several_(std::move(separators)) {
    for (const std::string& s : several_) {
        longest_ = std::max(longest_, s.size());
        separator_ += s.substr(0, 1);
    }
    if (separator_.empty() || separator_.size() < several_.size()) {
        throw_empty_separator();
    }
}

bool readuntil_awaiter::is_served() noexcept {
    return end_ != 0 || find() || begin_ > stream_->limit();
}

/// Looks on where it stopped before.
inline bool readuntil_awaiter::find() noexcept {
    if (!several_.empty()) {
        return find_first_of_several();
    }
    const std::string_view bytes = stream_->kept();
    const std::size_t at = bytes.find(separator_, begin_);
    if (at != std::string_view::npos) {
        begin_ = at;
        end_ = at + separator_.size();
        return true;
    }
    if (bytes.size() >= longest_) {
        begin_ = bytes.size() + 1 - longest_;
    }
    return false;
}

/// One that begins later may end first, if it is shorter.
bool readuntil_awaiter::find_first_of_several() noexcept {
    const std::string_view bytes = stream_->kept();
    std::size_t at = bytes.find_first_of(separator_, begin_);
    while (at != std::string_view::npos && (end_ == 0 || at < end_)) {
        for (const std::string& s : several_) {
            if ((end_ == 0 || at + s.size() < end_) && bytes.substr(at).starts_with(s)) {
                begin_ = at;
                end_ = at + s.size();
            }
        }
        at = bytes.find_first_of(separator_, at + 1);
    }
    if (end_ == 0 && bytes.size() >= longest_) {
        begin_ = bytes.size() + 1 - longest_;
    }
    return end_ != 0;
}

std::string readuntil_awaiter::await_resume() {
    finish();
    if (end_ > stream_->kept().size()) {
        begin_ = end_ = 0;  // another one has read meanwhile
        find();
    }
    if (end_ == 0) {
        if (begin_ > stream_->limit()) {
            throw overrun("readuntil: the separator is not found within", *stream_, begin_);
        }
        throw incomplete_read_error(stream_->take(stream_->kept().size()), std::nullopt);
    }
    if (begin_ > stream_->limit()) {
        throw overrun("readuntil: the separator is found, but only after", *stream_, begin_);
    }
    return stream_->take(end_);
}

readline_awaiter::readline_awaiter(const stream_ref& from) noexcept
    : stream_read(from, "readline") {}

bool readline_awaiter::is_served() noexcept {
    const std::string_view bytes = stream_->kept();
    if (!found_ && looked_at_ < bytes.size()) {
        const std::size_t at = bytes.find('\n', looked_at_);
        found_ = at != std::string_view::npos;
        looked_at_ = found_ ? at : bytes.size();
    }
    return found_ || looked_at_ > stream_->limit();
}

std::string readline_awaiter::await_resume() {
    finish();
    const std::size_t there = stream_->kept().size();
    const std::size_t size = found_ ? std::min(looked_at_ + 1, there) : there;
    if (looked_at_ > stream_->limit()) {
        stream_->skip(size);
        throw overrun("readline: a line is longer than", *stream_, looked_at_);
    }
    return stream_->take(size);
}

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
