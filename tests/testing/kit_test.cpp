// SPDX-License-Identifier: MIT
#include "behaviours/toy_layer.hpp"
#include <rondo/rondo.hpp>
#include <rondo/testing/check_lock.hpp>
#include <rondo/testing/check_stream.hpp>
#include <rondo/testing/memory_pipe.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>
#include <rondo/testing/sequencer.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
namespace sim = rondo::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

/// The message of what `check` throws; empty when it throws nothing.
template <class Check>
std::string complaint(Check check) {
    try {
        check();
    } catch (const sim::conformance_error& e) {
        return e.what();
    }
    return {};
}

/// Anybody may come in between release() and the turn of the one who waits.
class barging_lock {
public:
    coro<void> acquire() {
        while (locked_) {
            free_.clear();
            co_await free_.wait();
        }
        locked_ = true;
    }
    void release() {
        if (!locked_) {
            throw std::runtime_error("not locked");
        }
        locked_ = false;
        free_.set();
    }

private:
    event free_;
    bool locked_ = false;
};

class no_lock {
public:
    static coro<void> acquire() { co_return; }
    static void release() {}
};

/// A stream with one flaw.
class flawed_stream {
public:
    enum class flaw { none, forgets_the_end, drops_bytes, never_waits };

    flawed_stream(stream s, flaw f) : s_(std::move(s)), flaw_(f) {}

    auto read(std::ptrdiff_t n) { return s_.read(n); }
    void write(std::string_view data) {
        s_.write(flaw_ == flaw::drops_bytes && data.size() > 5'000 ? data.substr(1) : data);
    }
    coro<void> drain() {
        if (flaw_ != flaw::never_waits) {
            co_await s_.drain();
        }
    }
    void write_eof() {
        if (flaw_ != flaw::forgets_the_end) {
            s_.write_eof();
        }
    }
    void close() { s_.close(); }

private:
    stream s_;
    flaw flaw_;
};

auto flawed_pair(flawed_stream::flaw f) {
    return [f] {
        auto [a, b] = sim::memory_stream_pair();
        return std::pair(flawed_stream(std::move(a), f), flawed_stream(std::move(b), f));
    };
}

coro<std::pair<stream, stream>> tcp_pair() {
    auto listener = socket::tcp();
    listener.bind("127.0.0.1", 0);
    listener.listen();
    auto client = co_await open_connection("127.0.0.1", listener.getsockname().port());
    auto accepted = co_await listener.accept();
    std::pair<stream, stream> both(std::move(client), stream(std::move(accepted)));
    co_return both;
}

/// Over so many layers, or one that changes nothing.
coro<std::pair<stream, stream>> layered_pair(int layers) {
    auto ends = co_await tcp_pair();
    for (int i = 0; i < layers; ++i) {
        co_await rondo_test::put_layer_on(ends.first, ends.second);
    }
    if (layers == 0) {
        ends.first = stream(make_box<layered_transport>(std::move(ends.first).detach()));
    }
    co_return ends;
}

}  // namespace

TEST(check_lock, rondos_lock_keeps_its_promises) {
    sim::check_lock([] { return rondo::lock(); });
}

TEST(check_lock, a_lock_that_is_none_is_found_out) {
    EXPECT_THAT(complaint([] { sim::check_lock([] { return no_lock(); }); }),
                HasSubstr("one task at a time"));
}

TEST(check_lock, a_lock_that_lets_others_barge_in_is_found_out) {
    EXPECT_THAT(complaint([] { sim::check_lock([] { return barging_lock(); }); }),
                HasSubstr("stands behind those who wait"));
}

TEST(check_stream, rondos_streams_keep_their_promises) {
    sim::check_stream([] { return sim::memory_stream_pair(); });
    sim::check_stream(tcp_pair);
    sim::check_stream([] { return sim::memory_pipe(); });
}

TEST(check_stream, streams_over_layers_keep_them_too) {
    sim::check_stream([] { return layered_pair(0); });
    sim::check_stream([] { return layered_pair(1); });
    sim::check_stream([] { return layered_pair(2); });
    sim::check_stream([]() -> coro<std::pair<stream, stream>> {
        auto ends = sim::memory_pipe(20'000);
        co_await rondo_test::put_layer_on(ends.first, ends.second);
        co_return ends;
    });
}

TEST(check_stream, each_flaw_is_found_out) {
    using flaw = flawed_stream::flaw;
    EXPECT_EQ(complaint([] { sim::check_stream(flawed_pair(flaw::none)); }), "");
    EXPECT_THAT(complaint([] { sim::check_stream(flawed_pair(flaw::drops_bytes)); }),
                HasSubstr("once and in order"));
    EXPECT_THAT(complaint([] { sim::check_stream(flawed_pair(flaw::forgets_the_end)); }),
                HasSubstr("deadlock"));
    EXPECT_THAT(complaint([] { sim::check_stream(flawed_pair(flaw::never_waits)); }),
                HasSubstr("drain() waits"));
}

TEST(sequencer, turns_come_in_their_order) {
    const auto main_ = []() -> coro<void> {
        sim::sequencer seq;
        std::vector<int> order;
        const auto take = [&](int number) -> coro<void> {
            auto turn = co_await seq.turn(number);
            co_await sleep(1s);
            order.push_back(number);
        };
        co_await gather(take(2), take(0), take(3), take(1));
        EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
    };
    sim::run(main_());
}

TEST(sequencer, a_turn_is_taken_once) {
    const auto main_ = []() -> coro<void> {
        sim::sequencer seq;
        auto turn = co_await seq.turn(0);
        EXPECT_THROW(co_await seq.turn(0), std::invalid_argument);
        EXPECT_THROW(co_await seq.turn(-1), std::invalid_argument);
    };
    sim::run(main_());
}

TEST(sequencer, a_cancelled_turn_breaks_the_order_for_all) {
    const auto main_ = []() -> coro<void> {
        sim::sequencer seq;
        const auto take = [&](int number) -> coro<void> { co_await seq.turn(number); };
        auto first = create_task(take(1));
        auto second = create_task(take(2));
        co_await sim::wait_all_tasks_blocked();
        first.cancel();
        EXPECT_THROW(co_await second, std::runtime_error);
        EXPECT_THROW(co_await seq.turn(0), std::runtime_error);
    };
    sim::run(main_());
}
