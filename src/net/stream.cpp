// SPDX-License-Identifier: MIT
#include "io/stream_core.hpp"
#include "io/turn.hpp"
#include <rondo/net/stream.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo {

using detail::append_operation;
using detail::stream_ref;
using detail::turn;

namespace {

std::string describe_partial(std::size_t got, std::optional<std::size_t> expected) {
    return std::to_string(got) + " bytes read on a total of " +
           (expected ? std::to_string(*expected) : std::string("undefined")) + " expected bytes";
}

// The coroutines own the state, so that the stream may be moved, or go, meanwhile.

coro<std::string> read_all(stream_ref s) {
    while (s->may_read()) {
        append_operation recv(s->fd(), s->in());
        s->took(co_await recv);
    }
    co_return s->take(s->kept().size());
}

coro<std::string> read_some(stream_ref s, std::size_t n) {
    if (n > 0 && s->kept().empty() && s->may_read()) {
        append_operation recv(s->fd(), s->in(), n);
        s->took(co_await recv);
    }
    co_return s->take(std::min(n, s->kept().size()));
}

coro<std::size_t> read_some_into(stream_ref s, std::span<char> to) {
    if (to.empty()) {
        co_return 0;
    }
    if (s->kept().empty()) {
        if (!s->may_read()) {
            co_return 0;
        }
        detail::recv_operation recv(s->fd(), to);
        const std::ptrdiff_t got = co_await recv;
        s->took(got);
        co_return static_cast<std::size_t>(got);
    }
    const std::size_t n = s->kept().copy(to.data(), to.size());
    s->skip(n);
    co_return n;
}

coro<std::string> read_exactly(stream_ref s, std::size_t n) {
    while (s->kept().size() < n && s->may_read()) {
        append_operation recv(s->fd(), s->in());
        s->took(co_await recv);
    }
    if (s->kept().size() < n) {
        throw incomplete_read_error(s->take(s->kept().size()), n);
    }
    co_return s->take(n);
}

/// Looks for the separator that ends first, in bytes that come one after the other.
class separator_search {
public:
    explicit separator_search(std::vector<std::string> separators)
        : separators_(std::move(separators)) {
        for (const std::string& s : separators_) {
            longest_ = std::max(longest_, s.size());
        }
        if (separators_.empty() || std::any_of(separators_.begin(), separators_.end(),
                                               [](const auto& s) { return s.empty(); })) {
            throw std::invalid_argument("readuntil: a separator has at least one byte");
        }
    }

    struct match {
        std::size_t begin = std::string_view::npos;
        std::size_t end = std::string_view::npos;
    };
    /// The first match in all the bytes so far; `end` is npos when there is none.
    match look(std::string_view bytes) {
        match first;
        for (const std::string& s : separators_) {
            const std::size_t at = bytes.find(s, clear_);
            if (at != std::string_view::npos && at + s.size() < first.end) {
                first = {at, at + s.size()};
            }
        }
        if (first.end == std::string_view::npos && bytes.size() + 1 > longest_) {
            clear_ = bytes.size() + 1 - longest_;
        }
        return first;
    }
    /// Up to there no separator begins.
    std::size_t clear() const noexcept { return clear_; }

private:
    std::vector<std::string> separators_;
    std::size_t longest_ = 0;
    std::size_t clear_ = 0;
};

coro<std::string> read_until(stream_ref s, std::vector<std::string> separators) {
    separator_search search(std::move(separators));
    for (;;) {
        const auto found = search.look(s->kept());
        if (found.end != std::string_view::npos) {
            if (found.begin > s->limit()) {
                throw limit_overrun_error("separator is found, but chunk is longer than limit",
                                          found.begin);
            }
            co_return s->take(found.end);
        }
        if (search.clear() > s->limit()) {
            throw limit_overrun_error("separator is not found, and chunk exceeds the limit",
                                      search.clear());
        }
        if (!s->may_read()) {
            throw incomplete_read_error(s->take(s->kept().size()), std::nullopt);
        }
        append_operation recv(s->fd(), s->in());
        s->took(co_await recv);
    }
}

coro<std::string> read_line(stream_ref s) {
    std::vector<std::string> newline{"\n"};
    auto until = read_until(s, std::move(newline));
    try {
        co_return co_await until;
    } catch (const incomplete_read_error& e) {
        co_return e.partial();
    } catch (const limit_overrun_error& e) {
        const bool ends_there = s->kept().substr(e.consumed()).starts_with('\n');
        s->skip(ends_there ? e.consumed() + 1 : s->kept().size());
        throw;
    }
}

bool is_congested(const detail::stream_core& s) noexcept { return s.congested(); }
bool is_open(const detail::stream_core& s) noexcept { return !s.closed(); }

coro<void> drain_stream(stream_ref s) {
    s->check_not_lost("drain");
    turn<detail::stream_core> wait(*s, s->drains(), is_congested, "drain");
    co_await wait;
    s->check_not_lost("drain");
}

coro<void> wait_until_closed(stream_ref s) {
    turn<detail::stream_core> wait(*s, s->closers(), is_open, "wait_closed");
    co_await wait;
    s->check_not_lost("wait_closed");
}

address address_or_none(int (*get)(int, sys::socket_address&) noexcept,
                        const detail::stream_core& s) {
    sys::socket_address raw;
    if (!s.closed()) {
        get(s.fd()->fd(), raw);
    }
    return address(raw);
}

}  // namespace

incomplete_read_error::incomplete_read_error(std::string partial,
                                             std::optional<std::size_t> expected)
    : std::runtime_error(describe_partial(partial.size(), expected)),
      partial_(std::move(partial)),
      expected_(expected) {}

stream::stream(socket connected, std::size_t limit)
    : core_(stream_ref::adopt(*new detail::stream_core(connected.state(), limit))) {
    static_cast<void>(sys::set_option(connected.fileno(), socket_option::no_delay, 1));
    connected.state_ = {};
}

stream::stream(stream&& other) noexcept = default;

stream& stream::operator=(stream&& other) noexcept {
    if (this != &other) {
        if (core_) {
            core_->close();
        }
        core_ = std::move(other.core_);
    }
    return *this;
}

stream::~stream() {
    if (core_) {
        core_->close();
    }
}

// ---- reading

coro<std::string> stream::read(std::ptrdiff_t n) {
    return n < 0 ? read_all(core_) : read_some(core_, static_cast<std::size_t>(n));
}
coro<std::size_t> stream::read_into(std::span<char> to) { return read_some_into(core_, to); }
coro<std::string> stream::readexactly(std::size_t n) { return read_exactly(core_, n); }
coro<std::string> stream::readuntil(std::string separator) {
    std::vector<std::string> one;
    one.push_back(std::move(separator));
    return read_until(core_, std::move(one));
}
coro<std::string> stream::readuntil(std::vector<std::string> separators) {
    return read_until(core_, std::move(separators));
}
coro<std::string> stream::readline() { return read_line(core_); }
bool stream::at_eof() const noexcept { return core_->at_end() && core_->kept().empty(); }

// ---- writing

void stream::write(std::string_view data) { core_->write(data); }

void stream::writelines(std::span<const std::string> lines) {
    std::string all;
    for (const std::string& line : lines) {
        all += line;
    }
    core_->write(all);
}

coro<void> stream::drain() { return drain_stream(core_); }
void stream::write_eof() { core_->write_end(); }
std::size_t stream::write_buffer_size() const noexcept { return core_->unsent(); }

// ---- the end

void stream::close() noexcept { core_->close(); }
void stream::abort() noexcept { core_->abort(); }
bool stream::is_closing() const noexcept { return core_->closing(); }
coro<void> stream::wait_closed() { return wait_until_closed(core_); }

address stream::peername() const { return address_or_none(sys::getpeername, *core_); }
address stream::sockname() const { return address_or_none(sys::getsockname, *core_); }

std::string stream::get_extra_info(std::string_view name) const {
    return name == "peername"   ? peername().to_string()
           : name == "sockname" ? sockname().to_string()
                                : std::string();
}

}  // namespace rondo
