// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>
#include <rondo/net/socket.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace http = rondo::http;

namespace {

std::atomic<int> made;
http::app counted_app() {
    ++made;
    http::app app;
    app.get("/", [] { return 1; });
    return app;
}

/// A port that nobody else gets meanwhile.
class reserved_port {
public:
    reserved_port() {
        holder_.set_option(rondo::socket_option::reuse_port, 1);
        holder_.bind(rondo::address("127.0.0.1", 0));
    }
    std::uint16_t number() const { return holder_.getsockname().port(); }

private:
    rondo::socket holder_ = rondo::socket::tcp();
};

TEST(loops, serve_an_app_of_their_own_each_and_end_together) {
    made = 0;
    const reserved_port port;
    int curl = -1;
    testing::internal::CaptureStderr();
    std::thread client([&] {
        const std::string command =
            "curl -s -o /dev/null --max-time 10 --retry 20 --retry-delay 0 --retry-all-errors "
            "--retry-max-time 10 http://127.0.0.1:" +
            std::to_string(port.number());
        curl = std::system(command.c_str());
        ::kill(::getpid(), SIGTERM);
    });
    http::run(counted_app, {.port = port.number(), .loops = 2});
    client.join();
    testing::internal::GetCapturedStderr();
    EXPECT_EQ(curl, 0);
    EXPECT_EQ(made, 2);
}

TEST(loops, are_one_without_the_number_of_a_port) {
    EXPECT_THROW(http::run(counted_app, {.port = 0, .loops = 2}), std::invalid_argument);
    EXPECT_THROW(http::run(counted_app, {.uds = "/tmp/x", .loops = 2}), std::invalid_argument);
    EXPECT_THROW(http::run(counted_app, {.loops = 0}), std::invalid_argument);
}

}  // namespace
