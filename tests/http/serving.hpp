// SPDX-License-Identifier: MIT
#pragma once

#include "http/application.hpp"
#include "http/request_state.hpp"
#include <rondo/core/task.hpp>
#include <rondo/http/error.hpp>
#include <rondo/http/serve.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/net/open_connection.hpp>
#include <rondo/sync/event.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rondo_test {

namespace http = rondo::http;
using rondo::coro;

/// An application that is one function. Errors of requests become answers.
class scripted final : public http::detail::application {
public:
    using handler = rondo::unique_function<coro<void>(http::request&, http::response&)>;

    explicit scripted(handler answer) : answer_(std::move(answer)) {}

    coro<void> handle(http::request& asked, http::response& answer) override {
        ++requests;
        try {
            co_await answer_(asked, answer);
        } catch (const http::error& error) {
            answer.status_code = error.status_code();
            answer.body = error.detail();
        } catch (const http::client_disconnect&) {
            ++disconnects;
        }
    }

    int requests = 0;
    int disconnects = 0;

private:
    handler answer_;
};

/// Serves while `client(port)` runs, and then ends the server in its orderly way.
template <class F>
coro<void> serve_while(http::detail::application& app, http::serve_options options, F client) {
    struct listener {
        rondo::event ready;
        std::uint16_t port = 0;
    } heard;
    options.port = 0;
    const auto listening = [](void* context, std::uint16_t port) {
        auto* to = static_cast<listener*>(context);
        to->port = port;
        to->ready.set();
    };
    auto serving = rondo::create_task(http::detail::serve(app, options, listening, &heard));
    co_await heard.ready.wait();
    co_await client(heard.port);
    serving.cancel();
    try {
        co_await serving;
    } catch (const rondo::cancelled_error&) {
    }
}

/// The same on the virtual clock, over the simulated network.
template <class F>
void simulate(scripted& app, const http::serve_options& options, F client) {
    rondo::testing::options how;
    how.network = rondo::testing::network_link();
    rondo::testing::run(serve_while(app, options, std::move(client)), how);
}

/// A client that has not said anything yet.
inline coro<rondo::stream> connect_to(std::uint16_t port) {
    auto opening = rondo::open_connection("127.0.0.1", port);
    co_return co_await opening;
}

/// What a server says to this until it closes.
inline coro<std::string> say(std::uint16_t port, std::string text) {
    rondo::stream s = co_await connect_to(port);
    s.write(text);
    co_return co_await s.read();
}

/// An answer of a head and a body of Content-Length, from a connection that goes on.
inline coro<std::string> read_answer(rondo::stream& s) {
    std::string head = co_await s.readuntil("\r\n\r\n");
    const std::size_t at = head.find("content-length: ");
    if (at != head.npos) {
        const auto size = static_cast<std::size_t>(std::stoul(head.substr(at + 16)));
        head += co_await s.readexactly(size);
    }
    co_return head;
}

}  // namespace rondo_test
