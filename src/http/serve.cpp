// SPDX-License-Identifier: MIT
#include "http/application.hpp"
#include "http/connection.hpp"
#include "http/server_state.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/race.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/with.hpp>
#include <rondo/http/serve.hpp>
#include <rondo/net/server.hpp>
#include <rondo/net/socket.hpp>
#include <rondo/os/signals.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace rondo::http::detail {

coro<void> application::startup() { co_return; }
coro<void> application::shutdown() { co_return; }

namespace {

server_options options_of_listeners(const serve_options& options) {
    server_options made;
    made.backlog = options.backlog;
    made.reuse_port = options.reuse_port;
    made.max_connections = options.max_connections;
    return made;
}

coro<server> listen(server_state& state, const serve_options& options) {
    const server_options how = options_of_listeners(options);
    auto handler = connection_handler(
        [&state](stream client) { return connection::run(state, std::move(client)); });
    if (options.fd >= 0) {
        co_return rondo::detail::start_server_on(std::move(handler), socket(options.fd), how);
    }
    if (!options.uds.empty()) {
        auto starting = rondo::detail::start_unix_server_with(std::move(handler),
                                                              std::string(options.uds), how);
        co_return co_await starting;
    }
    std::vector<std::string> hosts;
    hosts.emplace_back(options.host);
    auto starting =
        rondo::detail::start_server_with(std::move(handler), std::move(hosts), options.port, how);
    co_return co_await starting;
}

}  // namespace

namespace {

coro<void> serve_started(application& app, const serve_options& options,
                         void (*listening)(void* context, std::uint16_t port), void* context) {
    server_state state(app, options, get_running_loop());
    auto starting = listen(state, options);
    server accepting = co_await starting;
    if (listening != nullptr) {
        listening(context, accepting.port());
    }
    std::exception_ptr ended;
    try {
        co_await accepting.serve_forever();
    } catch (...) {
        ended = std::current_exception();
    }
    const rondo::detail::shielded from_cancellation;
    state.wind_up();
    co_await accepting.shutdown(options.shutdown_timeout);
    if (ended) {
        std::rethrow_exception(ended);
    }
}

}  // namespace

coro<void> serve(application& app, serve_options options,
                 void (*listening)(void* context, std::uint16_t port), void* context) {
    co_await app.startup();
    std::exception_ptr ended;
    auto serving = serve_started(app, options, listening, context);
    try {
        co_await std::move(serving);
    } catch (...) {
        ended = std::current_exception();
    }
    const rondo::detail::shielded from_cancellation;
    co_await app.shutdown();
    if (ended) {
        std::rethrow_exception(ended);
    }
}

namespace {

void say_where(void* context, std::uint16_t port) {
    const auto& options = *static_cast<const serve_options*>(context);
    if (!options.uds.empty()) {
        std::fprintf(stderr, "rondo: serving at %s (Ctrl-C ends it)\n",
                     std::string(options.uds).c_str());
        return;
    }
    const std::string host(options.host.empty() ? "0.0.0.0" : options.host);
    const bool is_ipv6 = host.find(':') != host.npos;
    std::fprintf(stderr, "rondo: serving at http://%s%s%s:%u (Ctrl-C ends it)\n",
                 is_ipv6 ? "[" : "", host.c_str(), is_ipv6 ? "]" : "", unsigned{port});
}

/// Whoever asks twice does not want to wait.
coro<void> end_at_second(signal_source& source) {
    const std::optional<int> again = co_await source.next();
    if (again) {
        std::_Exit(128 + *again);
    }
}

}  // namespace

coro<void> serve_until_signalled(application& app, serve_options options) {
    signal_source source = signals({SIGINT, SIGTERM});
    auto serving = create_task(serve(app, options, say_where, &options));
    auto first_signal = source.next();
    const auto first = co_await race(std::move(first_signal), serving);
    if (first.index() == 0) {
        const auto impatient = create_task(end_at_second(source));
        serving.cancel();
        try {
            co_await serving;
        } catch (const cancelled_error&) {
        }
        impatient.cancel();
    }
}

void run(application& app, const serve_options& options) {
    rondo::run(serve_until_signalled(app, options));
}

}  // namespace rondo::http::detail
