// SPDX-License-Identifier: MIT
// Servers and streams that are used from another loop than their own.
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/net/open_connection.hpp>
#include <rondo/net/server.hpp>
#include <rondo/threads/to_thread.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

/// What `what` throws in a loop of another thread; it gets what it refers to.
template <class F>
coro<std::string> elsewhere(F what, run_options options = {}) {
    std::string message = "nothing was thrown";
    const auto in_thread = [&] {
        try {
            rondo::run(what(), options);
        } catch (const std::runtime_error& e) {
            message = e.what();
        }
    };
    co_await to_thread(in_thread);
    co_return message;
}

coro<void> say_nothing(stream client) { co_await client.read(); }

/// Two streams that are connected.
std::pair<stream, stream> connected() {
    auto [near, far] = socket::pair();
    return {stream(std::move(near)), stream(std::move(far))};
}

const auto of_another_loop = HasSubstr("another event loop");

}  // namespace

TEST(a_server_elsewhere, is_not_awaited) {
    rondo::run([]() -> coro<void> {
        auto server = co_await start_server(say_nothing, "127.0.0.1", 0);
        const auto serve = [&]() -> coro<void> { co_await server.serve_forever(); };
        const auto wait = [&]() -> coro<void> { co_await server.wait_closed(); };
        const auto shut_down = [&]() -> coro<void> { co_await server.shutdown(1s); };
        const auto start = [&]() -> coro<void> {
            server.start_serving();
            co_return;
        };
        EXPECT_THAT(co_await elsewhere(serve),
                    AllOf(HasSubstr("server::serve_forever"), of_another_loop));
        EXPECT_THAT(co_await elsewhere(wait),
                    AllOf(HasSubstr("server::wait_closed"), of_another_loop));
        EXPECT_THAT(co_await elsewhere(shut_down),
                    AllOf(HasSubstr("server::shutdown"), of_another_loop));
        EXPECT_THAT(co_await elsewhere(start),
                    AllOf(HasSubstr("server::start_serving"), of_another_loop));
        EXPECT_TRUE(server.is_serving());
    }());
}

TEST(a_server_elsewhere, is_not_closed_and_says_so) {
    rondo::run([]() -> coro<void> {
        auto server = co_await start_server(say_nothing, "127.0.0.1", 0);
        std::vector<std::string> reports;
        const auto close = [&]() -> coro<void> {
            get_running_loop().set_exception_handler(
                [&](event_loop&, const exception_context& what) {
                    reports.push_back(what.message);
                });
            server.close();
            server.close_clients();
            server.abort_clients();
            co_return;
        };
        EXPECT_EQ(co_await elsewhere(close), "nothing was thrown");
        EXPECT_THAT(reports,
                    ElementsAre(AllOf(HasSubstr("server::close:"), of_another_loop),
                                AllOf(HasSubstr("server::close_clients:"), of_another_loop),
                                AllOf(HasSubstr("server::abort_clients:"), of_another_loop)));
        EXPECT_TRUE(server.is_serving());
    }());
}

TEST(a_server_elsewhere, that_is_destroyed_is_closed_in_its_own_loop) {
    rondo::run([]() -> coro<void> {
        std::optional<server> server = co_await start_server(say_nothing, "127.0.0.1", 0);
        const auto port = server->port();
        const auto destroy = [&] { server.reset(); };
        co_await to_thread(destroy);
        co_await sleep(0s);
        EXPECT_THROW(co_await open_connection("127.0.0.1", port), std::system_error);
    }());
}

TEST(a_server_elsewhere, begins_to_serve_there_when_the_loop_that_made_it_is_closed) {
    server_options later;
    later.start_serving = false;
    std::optional<server> server;
    rondo::run([&]() -> coro<void> {
        server = co_await start_server(say_nothing, "127.0.0.1", 0, later);
    }());
    rondo::run([&]() -> coro<void> {
        server->start_serving();
        auto client = co_await open_connection("127.0.0.1", server->port());
        client.close();
        const bool in_time = co_await server->shutdown(10s);
        EXPECT_TRUE(in_time);
    }());
}

TEST(a_stream_elsewhere, is_not_read_while_its_own_loop_reads) {
    rondo::run([]() -> coro<void> {
        auto [near, far] = connected();
        const auto read = [&]() -> coro<void> { co_await near.read(1); };
        auto reader = create_task(read);
        co_await sleep(0s);
        EXPECT_THAT(co_await elsewhere(read), AllOf(HasSubstr("read"), of_another_loop));
        far.write("x");
        co_await reader;
    }());
}

TEST(a_stream_elsewhere, is_not_written_to_while_its_own_loop_sends) {
    rondo::run([]() -> coro<void> {
        auto [near, far] = connected();
        near.write(std::string(4'000'000, 'x'));
        EXPECT_GT(near.write_buffer_size(), 0u);
        const auto write = [&]() -> coro<void> {
            near.write("more");
            co_return;
        };
        const auto drain = [&]() -> coro<void> { co_await near.drain(); };
        EXPECT_THAT(co_await elsewhere(write), AllOf(HasSubstr("stream::write"), of_another_loop));
        EXPECT_THAT(co_await elsewhere(drain), AllOf(HasSubstr("drain"), of_another_loop));
        near.abort();
    }());
}

TEST(a_stream_elsewhere, is_found_in_debug_mode_also_when_nothing_has_to_wait) {
    const auto main_ = []() -> coro<void> {
        auto [near, far] = connected();
        far.write("xy");
        co_await near.read(1);
        const auto write = [&]() -> coro<void> {
            near.write("more");
            co_return;
        };
        const auto read = [&]() -> coro<void> { co_await near.read(1); };
        auto reader = create_task([&]() -> coro<void> { co_await far.read(1); });
        co_await sleep(0s);
        EXPECT_THAT(co_await elsewhere(read), "nothing was thrown") << "nobody watches it yet";
        auto again = create_task([&]() -> coro<void> { co_await near.read(1); });
        co_await sleep(0s);
        far.write("xy");
        co_await again;
        EXPECT_THAT(co_await elsewhere(read), of_another_loop);
        EXPECT_THAT(co_await elsewhere(write), of_another_loop);
        near.write("x");
        co_await reader;
    };
    rondo::run(main_(), {.debug = true});
}
