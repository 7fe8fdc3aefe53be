// SPDX-License-Identifier: MIT

// Streams over transports that are no descriptors.
#include "behaviour.hpp"
#include "connections.hpp"
#include "toy_layer.hpp"
#include <rondo/testing/memory_pipe.hpp>

#include <cerrno>
#include <optional>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;
using rondo::testing::memory_pipe;

namespace {

/// Writes down what goes through.
class recorder final : public layered_transport {
public:
    recorder(box<transport> inner, std::string& to) noexcept
        : layered_transport(std::move(inner)), to_(to) {}

    std::optional<std::size_t> try_read(std::span<char> to) override {
        const std::optional<std::size_t> got = layered_transport::try_read(to);
        if (got) {
            to_ += "<" + std::string(to.data(), *got);
        }
        return got;
    }
    std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) override {
        const std::optional<std::size_t> sent = layered_transport::try_write(pieces);
        if (sent) {
            to_ += ">" + std::to_string(*sent);
        }
        return sent;
    }

private:
    std::string& to_;
};

/// Gives bytes one by one, and throws at the third.
class dribble final : public transport {
public:
    explicit dribble(bool& closed) noexcept : closed_(closed) {}

    std::optional<std::size_t> try_read(std::span<char> to) override {
        if (++reads_ == 3) {
            throw std::runtime_error("dribble: dry");
        }
        to[0] = static_cast<char>('0' + reads_);
        return 1;
    }
    std::optional<std::size_t> try_write(std::span<const std::string_view>) override {
        throw std::runtime_error("dribble: uphill");
    }
    bool try_write_eof() override { return true; }
    void wait(side, transport_waiter&) noexcept override {}
    void stop_waiting(side) noexcept override {}
    void close() noexcept override { closed_ = true; }
    void abort() noexcept override { closed_ = true; }

private:
    bool& closed_;
    int reads_ = 0;
};

}  // namespace

BEHAVIOUR(B236_a_pipe_in_memory_carries_lines_and_the_end) {
    run([&]() -> coro<void> {
        auto [near, far] = memory_pipe();
        near.write({"one\n", "two"});
        EXPECT_EQ(co_await far.readline(), "one\n");
        auto reading = create_task(far.readline());
        co_await yield_now();
        near.write("\nrest");
        EXPECT_EQ(co_await reading, "two\n");
        near.write_eof();
        EXPECT_EQ(co_await far.read(), "rest");
        EXPECT_TRUE(far.at_eof());
        far.write("answer");
        far.close();
        EXPECT_EQ(co_await near.read(), "answer");
        EXPECT_FALSE(near.peername());
        EXPECT_EQ(errno_of_call([&] { near.set_option(socket_option::no_delay, 1); }), ENOTSOCK);
    });
}

BEHAVIOUR(B240_a_pipe_in_memory_pushes_back) {
    for (const std::size_t capacity : {1u, 100u, 65'536u}) {
        run([&]() -> coro<void> {
            auto [near, far] = memory_pipe(capacity);
            const std::string all(300'000, 'm');
            near.write(all);
            EXPECT_EQ(near.write_buffer_size(), all.size() - capacity);
            auto draining = create_task(near.drain());
            co_await yield_now();
            EXPECT_FALSE(draining.done());
            EXPECT_TRUE(co_await far.readexactly(all.size()) == all);
            co_await draining;
            near.close();
            co_await near.wait_closed();
            EXPECT_EQ(co_await far.read(), "");
        });
    }
}

BEHAVIOUR(B241_what_nobody_reads_any_more_in_memory_is_lost) {
    run([&]() -> coro<void> {
        auto [near, far] = memory_pipe(10);
        far.write("last words");
        far.close();
        near.write("anybody?");
        EXPECT_EQ(co_await errno_of(near.drain()), EPIPE);
        EXPECT_EQ(co_await near.read(), "last words");
    });
}

BEHAVIOUR(B243_closing_sends_what_is_kept_through_a_transport) {
    run([&]() -> coro<void> {
        const std::string all(100'000, 'm');
        auto [near, far] = memory_pipe(1'000);
        {
            const stream gone = std::move(near);
            far.write("nobody takes that");
            const_cast<stream&>(gone).write(all);
        }
        EXPECT_TRUE(co_await far.read() == all);
    });
    run([&]() -> coro<void> {
        auto [near, far] = memory_pipe(1'000);
        near.write(std::string(100'000, 'm'));
        near.abort();
        EXPECT_EQ(co_await errno_of(near.wait_closed()), ECONNABORTED);
        EXPECT_EQ((co_await far.read()).size(), 1'000u);
    });
}

BEHAVIOUR(B251_a_recorder_writes_down_all_traffic_on_whatever_it_stands) {
    run([&]() -> coro<void> {
        auto tcp = co_await connected();
        auto memory = memory_pipe();
        auto record = [](stream& near, stream& far) -> coro<std::string> {
            std::string traffic;
            near = stream(make_box<recorder>(std::move(near).detach(), traffic));
            near.write("question");
            EXPECT_EQ(co_await far.readexactly(8), "question");
            far.write("answer");
            far.close();
            EXPECT_EQ(co_await near.read(), "answer");
            near.close();
            co_await near.wait_closed();
            near = stream(std::move(far));
            co_return traffic;
        };
        EXPECT_EQ(co_await record(tcp.near, tcp.far), ">8<answer<");
        EXPECT_EQ(co_await record(memory.first, memory.second), ">8<answer<");
    });
}

BEHAVIOUR(B251_detach_takes_along_what_was_read_and_what_was_kept) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("line\nleft over");
        EXPECT_EQ(co_await near.readline(), "line\n");
        congest(near);
        const std::size_t kept = near.write_buffer_size();
        stream over(make_box<layered_transport>(std::move(near).detach()));
        EXPECT_TRUE(near.is_closing());
        over.write("the end");
        over.close();
        EXPECT_GE(co_await read_to_the_end(far), kept + 7);
        EXPECT_EQ(co_await errno_of(over.read(5)), EBADF);
    });
}

BEHAVIOUR(B251_detach_is_refused_while_another_task_reads) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto reading = create_task(near.read(5));
        co_await yield_now();
        EXPECT_THROW(std::move(near).detach(), std::runtime_error);
        far.write("hello");
        EXPECT_EQ(co_await reading, "hello");
        near.close();
        EXPECT_THROW(std::move(near).detach(), std::system_error);
    });
}

BEHAVIOUR(B251_a_transport_that_is_given_up_closes_the_connection) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        {
            auto given_up = std::move(near).detach();
        }
        EXPECT_EQ(co_await far.read(), "");
    });
}

BEHAVIOUR(B251_what_a_transport_throws_is_thrown_once_and_loses_the_connection) {
    run([&]() -> coro<void> {
        bool closed = false;
        stream s(make_box<dribble>(closed));
        EXPECT_EQ(co_await s.readexactly(2), "12");
        EXPECT_THROW(co_await s.read(5), std::runtime_error);
        EXPECT_TRUE(closed);
        EXPECT_EQ(co_await errno_of(s.read(5)), ECONNABORTED);
        EXPECT_EQ(co_await errno_of(s.drain()), ECONNABORTED);
        s.write("dropped");

        stream other(make_box<dribble>(closed));
        EXPECT_THROW(other.write("x"), std::runtime_error);
        EXPECT_EQ(co_await errno_of(other.drain()), ECONNABORTED);
    });
}

BEHAVIOUR(B251_a_loop_that_closes_lets_go_of_streams_over_transports) {
    std::optional<std::pair<stream, stream>> ends;
    {
        auto loop = make_loop();
        loop->run_until_complete([&]() -> coro<void> {
            ends.emplace(memory_pipe(10));
            ends->first.write("more than there is room for");
            auto [near, far] = co_await connected();
            stream over(make_box<layered_transport>(std::move(near).detach()));
            congest(over);
            auto reading = create_task(ends->first.read(5));
            co_await yield_now();
            reading.cancel();
        }());
        loop->close();
    }
    ends.reset();
}

namespace {

/// Lets a writer go on at once, and a reader when the test says so.
class at_once final : public transport {
public:
    explicit at_once(transport_waiter*& reader) noexcept : reader_(reader) {}

    std::optional<std::size_t> try_read(std::span<char>) override { return std::nullopt; }
    std::optional<std::size_t> try_write(std::span<const std::string_view>) override {
        return std::nullopt;
    }
    bool try_write_eof() override { return true; }
    void wait(side which, transport_waiter& who) noexcept override {
        if (which == side::write) {
            who.ready();
        } else {
            reader_ = &who;
        }
    }
    void stop_waiting(side) noexcept override {}
    void close() noexcept override {}
    void abort() noexcept override {}

private:
    transport_waiter*& reader_;
};

class nothing_to_do final : public transport_waiter {
public:
    void ready() noexcept override {}
};

/// Waits for the other side, which is told from within, and then lets the transport go.
class leaves final : public transport_waiter {
public:
    explicit leaves(box<layered_transport>& of) noexcept : of_(of) {}
    void ready() noexcept override {
        of_->wait(transport::side::write, writer_);
        of_ = nullptr;
    }

private:
    box<layered_transport>& of_;
    nothing_to_do writer_;
};

}  // namespace

TEST(layered_transport, may_go_while_a_waiter_is_told_from_within_another_one) {
    transport_waiter* below = nullptr;
    box<layered_transport> layer = make_box<layered_transport>(make_box<at_once>(below));
    leaves reader(layer);
    layer->wait(transport::side::read, reader);
    below->ready();
    EXPECT_FALSE(layer);
}
