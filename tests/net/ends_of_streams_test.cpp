// SPDX-License-Identifier: MIT

// Calls of a stream that ends meanwhile, that no loop runs for, or that is none of those it is for.
#include "net/on_kernel.hpp"
#include "net/temporary_path.hpp"
#include <rondo/io/stream_upgrade.hpp>
#include <rondo/testing/fault_plan.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include <sys/socket.h>

namespace {

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

class ends_of_streams : public on_kernel {};
ON_EVERY_KERNEL_DRIVER(ends_of_streams);

constexpr std::size_t file_size = 16 << 20;

/// Changes nothing, but keeps the kernel from sending files by itself.
void put_plain_layer_on(stream& s) {
    s = stream(make_box<layered_transport>(std::move(s).detach()));
}

using end_of_sending = void (*)(stream& sender);

/// What sendfile() gives when `end` comes while it waits for the other side.
coro<int> errno_of_ended_sendfile(bool through_layer, end_of_sending end) {
    const temporary_path path;
    co_await write_file(path.string(), std::string(file_size, 'x'));
    auto f = co_await open_file(path.string());
    auto ends = co_await connected();
    if (through_layer) {
        put_plain_layer_on(ends.near);
    }
    auto sending = create_task(errno_of(ends.near.sendfile(f)));
    co_await sleep(10ms);
    end(ends.near);
    const std::string got = co_await ends.far.read();
    EXPECT_LT(got.size(), file_size);
    co_return co_await sending;
}

void close_writer(stream& sender) {
    auto halves = std::move(sender).split();
    halves.second.close();
    EXPECT_TRUE(halves.second.is_closing());
}

}  // namespace

TEST_P(ends_of_streams, a_sendfile_is_told_that_its_stream_is_closed) {
    run([]() -> coro<void> {
        const auto close = [](stream& s) { s.close(); };
        EXPECT_EQ(co_await errno_of_ended_sendfile(false, close), EBADF);
        EXPECT_EQ(co_await errno_of_ended_sendfile(true, close), EBADF);
    });
}

TEST_P(ends_of_streams, a_sendfile_is_told_that_the_writing_half_is_closed) {
    run([]() -> coro<void> {
        EXPECT_EQ(co_await errno_of_ended_sendfile(false, close_writer), EBADF);
        EXPECT_EQ(co_await errno_of_ended_sendfile(true, close_writer), EBADF);
    });
}

TEST_P(ends_of_streams, a_write_that_cannot_keep_its_rest_ends_the_stream) {
    auto [a, b] = rondo::socket::pair();
    stream near(std::move(a));
    stream far(std::move(b));
    const std::string much(4 << 20, 'a');
    EXPECT_THROW(near.write(much), std::runtime_error);
    EXPECT_EQ(near.write_buffer_size(), 0u);
    run([&]() -> coro<void> {
        near.write("END");
        near.close();
        const std::string got = co_await far.read();
        EXPECT_LT(got.size(), much.size());
        EXPECT_EQ(got.find('E'), std::string::npos);
    });
}

TEST_P(ends_of_streams, a_write_that_sends_nothing_of_what_it_cannot_keep_changes_nothing) {
    auto [a, b] = rondo::socket::pair();
    while (::send(a.fileno(), "a", 1, MSG_DONTWAIT) == 1) {
    }
    stream near(std::move(a));
    stream far(std::move(b));
    EXPECT_THROW(near.write("never"), std::runtime_error);
    run([&]() -> coro<void> {
        near.write("END");
        near.close();
        const std::string got = co_await far.read();
        EXPECT_EQ(got.substr(got.find_first_not_of('a')), "END");
    });
}

TEST_P(ends_of_streams, accept_of_what_is_no_listener_is_an_error) {
    run([]() -> coro<void> {
        rondo::socket datagrams(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(co_await errno_of(datagrams.accept()), EOPNOTSUPP);
        rondo::socket silent = rondo::socket::tcp();
        EXPECT_EQ(co_await errno_of(silent.accept()), EINVAL);
        auto [a, b] = rondo::socket::pair();
        EXPECT_EQ(co_await errno_of(a.accept()), EINVAL);
        EXPECT_FALSE(b.is_closed());
    });
}

TEST_P(ends_of_streams, what_fails_again_and_again_fails_in_the_end) {
    run([]() -> coro<void> {
        rondo::socket listener = rondo::socket::tcp();
        listener.bind("127.0.0.1", 0);
        listener.listen();
        auto [a, b] = rondo::socket::pair();
        rondo::testing::fault_plan plan;
        plan.fail(rondo::testing::call::accept, 1, ECONNABORTED, 1'000'000);
        plan.fail(rondo::testing::call::recv, 1, EINTR, 1'000'000);
        const rondo::testing::fault_plan::guard faults(&plan);
        EXPECT_EQ(co_await errno_of(listener.accept()), ECONNABORTED);
        EXPECT_EQ(co_await errno_of(a.recv(1)), EINTR);
        EXPECT_FALSE(b.is_closed());
    });
}

TEST_P(ends_of_streams, an_awaited_connect_does_not_touch_the_number_of_a_closed_socket) {
    run([]() -> coro<void> {
        const temporary_path path;
        auto server =
            co_await start_unix_server([](stream) -> coro<void> { co_return; }, path.string());
        rondo::socket s = rondo::socket::for_address(address::of_path(path.string()));
        auto connecting = s.connect(address::of_path(path.string()));
        s.close();
        rondo::socket stranger = rondo::socket::for_address(address::of_path(path.string()));
        EXPECT_EQ(co_await errno_of(std::move(connecting)), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(stranger.getpeername()); }), ENOTCONN);
    });
}
