// SPDX-License-Identifier: MIT
#include "io/stream_calls.hpp"

#include "io/turn.hpp"
#include <rondo/io/errors.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

coro<void> read_to_end(stream_ref s) {
    while (s->may_read()) {
        append_operation recv(s->fd(), s->inlet());
        s->took(co_await recv);
    }
}

coro<std::string> read_all(stream_ref s) {
    co_await read_to_end(s);
    co_return s->take(s->kept().size());
}

namespace {

/// What comes goes into memory of the caller's: nothing is kept, and no layer decodes it.
bool passes_through(const stream_core& s) noexcept { return s.kept().empty() && !s.has_layer(); }

}  // namespace

coro<std::string> read_some(stream_ref s, std::size_t n) {
    if (n > 0 && passes_through(*s)) {
        std::string data;
        append_operation recv(s->fd(), data, n);
        while (data.empty() && s->may_read()) {
            s->took(co_await recv);
        }
        co_return data;
    }
    while (n > 0 && s->kept().empty() && s->may_read()) {
        append_operation recv(s->fd(), s->inlet(), n);
        s->took(co_await recv);
    }
    co_return s->take(std::min(n, s->kept().size()));
}

coro<std::size_t> read_some_into(stream_ref s, std::span<char> to) {
    if (to.empty()) {
        co_return 0;
    }
    if (passes_through(*s)) {
        if (!s->may_read()) {
            co_return 0;
        }
        recv_operation recv(s->fd(), to);
        std::ptrdiff_t got = -EAGAIN;
        while (got == -EAGAIN) {
            got = co_await recv;
        }
        co_return s->took(got) ? static_cast<std::size_t>(got) : 0;
    }
    while (s->kept().empty() && s->may_read()) {
        append_operation recv(s->fd(), s->inlet(), to.size());
        s->took(co_await recv);
    }
    const std::size_t n = s->kept().copy(to.data(), to.size());
    s->skip(n);
    co_return n;
}

coro<std::string> read_exactly(stream_ref s, std::size_t n) {
    while (s->kept().size() < n && s->may_read()) {
        append_operation recv(s->fd(), s->inlet());
        s->took(co_await recv);
    }
    if (s->kept().size() < n) {
        throw incomplete_read_error(s->take(s->kept().size()), n);
    }
    co_return s->take(n);
}

namespace {

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

}  // namespace

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
        append_operation recv(s->fd(), s->inlet());
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

namespace {

bool is_congested(const stream_core& s) noexcept { return s.congested(); }
bool may_send(const stream_core& s) noexcept { return s.may_send(); }

}  // namespace

coro<void> drain_stream(stream_ref s) {
    s->check_not_lost("drain");
    if (s->congested() || exec.budget <= 1) {
        turn<stream_core> wait(*s, s->drains(), is_congested, "drain");
        co_await wait;
        s->check_not_lost("drain");
    } else {
        --exec.budget;
    }
}

coro<void> wait_until_closed(stream_ref s) {
    turn<stream_core> wait(*s, s->closers(), may_send, "wait_closed");
    co_await wait;
    s->check_not_lost("wait_closed");
}

}  // namespace rondo::detail
