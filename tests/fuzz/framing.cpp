// SPDX-License-Identifier: MIT

// Whatever the text, its separators, and the pieces in which it comes: reads give what is there.
#include "fuzz/input.hpp"
#include <rondo/rondo.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace rondo;
using fuzz::require;

coro<void> send_in_pieces(stream& s, std::string_view text, fuzz::input& in) {
    while (!text.empty()) {
        const auto piece = text.substr(0, static_cast<std::size_t>(1 + in.below(16)));
        s.write(piece);
        text.remove_prefix(piece.size());
        if (in.below(2) == 0) {
            co_await sleep(std::chrono::milliseconds(1));
        }
    }
    s.write_eof();
}

/// Reads, and knows what must come.
class reader {
public:
    reader(stream& s, std::string_view text, std::size_t limit)
        : s_(s), left_(text), limit_(limit) {}

    /// False when nothing more can be predicted.
    coro<bool> step(int what, int n) {
        switch (what) {
            case 0:
                return some(static_cast<std::size_t>(1 + n));
            case 1:
                return exactly(static_cast<std::size_t>(n));
            case 2:
                return line();
            default:
                return until(n);
        }
    }
    bool done() const { return left_.empty(); }

private:
    void take(std::string_view got) {
        require(left_.starts_with(got), "bytes come once and in order");
        left_.remove_prefix(got.size());
    }

    coro<bool> some(std::size_t n) {
        const auto got = co_await s_.read(static_cast<std::ptrdiff_t>(n));
        require(got.size() <= n && (got.empty() == left_.empty()), "read gives 1 to n bytes");
        take(got);
        co_return true;
    }

    coro<bool> exactly(std::size_t n) {
        const bool enough = left_.size() >= n;
        try {
            const auto got = co_await s_.readexactly(n);
            require(enough && got.size() == n, "readexactly gives n bytes");
            take(got);
        } catch (const incomplete_read_error& e) {
            require(!enough && e.partial() == left_, "an early end gives what there was");
            left_ = {};
        }
        co_return true;
    }

    coro<bool> line() {
        const auto newline = left_.find('\n');
        try {
            const auto got = co_await s_.readline();
            const auto whole = newline == left_.npos ? left_.size() : newline + 1;
            require(got.size() == whole, "a line goes to its end");
            take(got);
        } catch (const limit_overrun_error&) {
            require(std::min(newline, left_.size()) > limit_, "only long lines are refused");
            co_return false;  // How much was skipped depends on how much had come.
        }
        co_return true;
    }

    coro<bool> until(int n) {
        std::vector<std::string> separators{std::string("ab;"), std::string("\n\n")};
        separators.resize(static_cast<std::size_t>(1 + n % 2));
        std::size_t begin = left_.npos;
        std::size_t end = left_.npos;
        for (const auto& s : separators) {
            const auto at = left_.find(s);
            if (at != left_.npos && at + s.size() < end) {
                begin = at;
                end = at + s.size();
            }
        }
        try {
            const auto got = co_await s_.readuntil(separators);
            require(got.size() == end && begin <= limit_, "readuntil goes to the first separator");
            take(got);
        } catch (const incomplete_read_error& e) {
            require(end == left_.npos && e.partial() == left_, "an early end gives the rest");
            left_ = {};
        } catch (const limit_overrun_error& e) {
            require(std::min(begin, left_.size()) > limit_, "only what is too long is refused");
            require(e.consumed() <= left_.size(), "what was looked at has come");
            co_return false;  // It would be refused again.
        }
        co_return true;
    }

    stream& s_;
    std::string_view left_;
    std::size_t limit_;
};

coro<void> play(fuzz::input in) {
    const auto limit = static_cast<std::size_t>(1 + in.below(40));
    fuzz::input pieces = in;
    fuzz::input steps = in;
    std::string text = in.rest();
    for (char& c : text) {
        c = "ab;\n"[static_cast<unsigned char>(c) % 4];
    }
    auto [sender, receiver] = rondo::testing::memory_stream_pair(limit);
    auto sending = create_task(send_in_pieces(sender, text, pieces));
    reader r(receiver, text, limit);
    for (bool goes_on = true; goes_on && !r.done();) {
        const int what = steps.below(4);
        goes_on = co_await r.step(what, steps.byte());
    }
    co_await sending;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    rondo::testing::run(play(fuzz::input(data, size)));
    return 0;
}
