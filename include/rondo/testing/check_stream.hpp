// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/outcome.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/with.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/conformance.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace rondo::testing {

namespace conformance {

/// The promises of connected streams, of which make() makes a pair.
template <class Make>
class stream_kit {
public:
    explicit stream_kit(Make make) : make_(std::move(make)) {}

    void run() {
        hold("bytes arrive once and in order", [this] { return carries_bytes(); });
        hold("read gives at most as much as it was asked for, and nothing only at the end",
             [this] { return reads_within_bounds(); });
        hold("the end comes after everything that was written before it",
             [this] { return ends_after_the_last_byte(); });
        hold("after write_eof() the other direction still works",
             [this] { return closes_one_half(); });
        hold("drain() waits while the other side does not read", [this] { return pushes_back(); });
        hold("a read that is cancelled loses nothing",
             [this] { return loses_nothing_when_cancelled(); });
        hold("close() sends what was written, and ends the other side's reading",
             [this] { return closes_after_sending(); });
        hold("close() may be repeated, and ends one's own reading with an error",
             [this] { return refuses_after_close(); });
        sweep();
    }

private:
    static std::string text(std::size_t size) {
        std::string result(size, ' ');
        for (std::size_t i = 0; i < size; ++i) {
            result[i] = static_cast<char>('a' + i % 23);
        }
        return result;
    }

    template <class S>
    static coro<std::string> read_to_end(S& s) {
        std::string all;
        for (auto part = co_await s.read(1000); !part.empty(); part = co_await s.read(1000)) {
            all += part;
        }
        co_return all;
    }

    template <class S>
    static coro<void> send(S& s, const std::string& all) {
        for (std::size_t done = 0; done < all.size(); done += 7'000) {
            s.write(all.substr(done, 7'000));
            co_await s.drain();
        }
        s.write_eof();
    }

    coro<void> carries_bytes() {
        auto pair = co_await made_by(make_);
        const std::string all = text(1'000'000);
        auto sending = create_task(send(pair.first, all));
        const std::string got = co_await read_to_end(pair.second);
        co_await sending;
        require(got == all, "");
    }

    coro<void> reads_within_bounds() {
        auto pair = co_await made_by(make_);
        pair.first.write("abcdef");
        const std::string part = co_await pair.second.read(4);
        require(!part.empty() && part.size() <= 4, "");
        std::string all = part;
        while (all.size() < 6) {
            all += co_await pair.second.read(100);
        }
        require(all == "abcdef", "");
    }

    coro<void> ends_after_the_last_byte() {
        auto pair = co_await made_by(make_);
        pair.first.write("last");
        pair.first.write_eof();
        const std::string all = co_await read_to_end(pair.second);
        const std::string more = co_await pair.second.read(1);
        require(all == "last" && more.empty(), "");
    }

    coro<void> closes_one_half() {
        auto pair = co_await made_by(make_);
        pair.first.write_eof();
        const std::string none = co_await pair.second.read(1);
        pair.second.write("answer");
        pair.second.write_eof();
        const std::string answer = co_await read_to_end(pair.first);
        require(none.empty() && answer == "answer", "");
    }

    coro<void> pushes_back() {
        auto pair = co_await made_by(make_);
        const std::string all = text(10'000'000);
        auto sending = create_task(send(pair.first, all));
        co_await sleep(std::chrono::hours(1));
        const bool waited = !sending.done();
        const std::string got = co_await read_to_end(pair.second);
        co_await sending;
        require(waited && got == all, "");
    }

    coro<void> loses_nothing_when_cancelled() {
        auto pair = co_await made_by(make_);
        std::string got;
        for (int i = 0; i < 20; ++i) {
            auto reading = create_task(pair.second.read(100));
            co_await wait_all_tasks_blocked();
            pair.first.write("0123456789");
            reading.cancel();
            try {
                got += co_await reading;
            } catch (const cancelled_error&) {
            }
        }
        pair.first.write_eof();
        got += co_await read_to_end(pair.second);
        std::string all;
        for (int i = 0; i < 20; ++i) {
            all += "0123456789";
        }
        require(got == all, "");
    }

    coro<void> closes_after_sending() {
        auto pair = co_await made_by(make_);
        const std::string all = text(500'000);
        pair.first.write(all);
        pair.first.close();
        const std::string got = co_await read_to_end(pair.second);
        require(got == all, "");
    }

    coro<void> refuses_after_close() {
        auto pair = co_await made_by(make_);
        pair.first.close();
        pair.first.close();
        bool refused = false;
        try {
            co_await pair.first.read(1);
        } catch (const std::exception&) {
            refused = true;
        }
        require(refused, "");
    }

    coro<void> exchange() {
        auto pair = co_await made_by(make_);
        auto answering = create_task([](auto& s) -> coro<void> {
            const std::string question = co_await s.read(100);
            s.write(question);
            s.write_eof();
        }(pair.second));
        std::exception_ptr error;
        try {
            pair.first.write("question");
            co_await pair.first.drain();
            pair.first.write_eof();
            co_await read_to_end(pair.first);
        } catch (...) {
            error = std::current_exception();
        }
        answering.cancel();
        cancel_scope shielded;
        shielded.set_shield(true);
        co_await with(shielded, [&]() -> coro<void> { co_await as_outcome(answering); });
        if (error) {
            std::rethrow_exception(error);
        }
    }

    void sweep() {
        try {
            cancel_sweep([this] { return exchange(); });
        } catch (const std::exception& error) {
            throw conformance_error(std::string("a cancellation leaves nothing behind; ") +
                                    error.what());
        }
    }

    Make make_;
};

}  // namespace conformance

/// Checks that a stream keeps the promises of rondo::stream. `make`, a function or a coroutine
/// function, gives two that are connected, as a pair; they have `read(n)`, `write`, `drain`,
/// `write_eof` and `close`.
///
///     rondo::testing::check_stream([]() -> rondo::coro<std::pair<my_stream, my_stream>> { … });
///
/// Each promise is checked in a simulation of its own, so that whatever waits for ever is found.
/// Throws conformance_error with the first that is not kept.
template <class Make>
void check_stream(Make make) {
    conformance::stream_kit<Make>(std::move(make)).run();
}

}  // namespace rondo::testing
