// SPDX-License-Identifier: MIT
#include "io/stream_calls.hpp"

#include <rondo/io/detail/turn.hpp>
#include <rondo/io/errors.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

coro<void> read_to_end(stream_ref s) {
    while (s->may_read()) {
        append_operation recv(*s->fd(), s->inlet());
        s->took(co_await recv);
    }
}

coro<std::string> read_all(stream_ref s) {
    co_await read_to_end(s);
    co_return s->take(s->kept().size());
}

coro<std::string> read_decoded(stream_ref s, std::size_t n) {
    while (s->kept().empty() && s->may_read()) {
        append_operation recv(*s->fd(), s->inlet());
        s->took(co_await recv);
    }
    co_return s->take(std::min(n, s->kept().size()));
}

coro<std::size_t> read_decoded_into(stream_ref s, std::span<char> to) {
    const std::string data = co_await read_decoded(std::move(s), to.size());
    co_return data.copy(to.data(), to.size());
}

coro<std::string> read_exactly(stream_ref s, std::size_t n) {
    while (s->kept().size() < n && s->may_read()) {
        append_operation recv(*s->fd(), s->inlet());
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

limit_overrun_error overrun(const char* what, const stream_core& s, std::size_t consumed) {
    const std::string text =
        std::string(what) + " the limit of " + std::to_string(s.limit()) + " bytes";
    return limit_overrun_error(text.c_str(), consumed);
}

}  // namespace

coro<std::string> read_until(stream_ref s, std::vector<std::string> separators) {
    separator_search search(std::move(separators));
    for (;;) {
        const auto found = search.look(s->kept());
        if (found.end != std::string_view::npos) {
            if (found.begin > s->limit()) {
                throw overrun("readuntil: the separator is found, but only after", *s, found.begin);
            }
            co_return s->take(found.end);
        }
        if (search.clear() > s->limit()) {
            throw overrun("readuntil: the separator is not found within", *s, search.clear());
        }
        if (!s->may_read()) {
            throw incomplete_read_error(s->take(s->kept().size()), std::nullopt);
        }
        append_operation recv(*s->fd(), s->inlet());
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
        throw overrun("readline: a line is longer than", *s, e.consumed());
    }
}

namespace {

bool may_send(const stream_core& s) noexcept { return s.may_send(); }

}  // namespace

coro<void> wait_until_closed(stream_ref s) {
    turn<stream_core> wait(*s, s->closers(), may_send, "wait_closed");
    co_await wait;
    s->check_not_lost("wait_closed");
}

}  // namespace rondo::detail
