// SPDX-License-Identifier: MIT
#include "io/turn.hpp"
#include "net/server_core.hpp"
#include <rondo/core/cancel.hpp>
#include <rondo/net/getaddrinfo.hpp>
#include <rondo/net/server.hpp>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

namespace rondo {

using detail::server_core;
using detail::server_ref;

namespace {

/// A machine without IPv6 still serves "localhost".
bool is_missing(const std::system_error& error) {
    return error.code().value() == EAFNOSUPPORT || error.code().value() == EADDRNOTAVAIL;
}

socket bind_at(const address& at, const server_options& options) {
    socket s = socket::for_address(at);
    s.set_option(socket_option::reuse_address, 1);
    if (options.reuse_port) {
        s.set_option(socket_option::reuse_port, 1);
    }
    if (at.is_ipv6()) {
        s.set_option(socket_option::ipv6_only, 1);
    }
    s.bind(at);
    return s;
}

/// A socket for each address, all with one port. Nullopt when a port that the kernel chose for the
/// first address is taken at another one.
std::optional<std::vector<socket>> bind_at_all(const std::vector<address>& all, std::uint16_t port,
                                               const server_options& options) {
    std::vector<socket> listeners;
    std::optional<std::system_error> missing;
    std::uint16_t common = port;
    for (const address& at : all) {
        try {
            listeners.push_back(bind_at(at.with_port(common), options));
            common = listeners.front().getsockname().port();
        } catch (const std::system_error& error) {
            if (port == 0 && common != 0 && error.code().value() == EADDRINUSE) {
                return std::nullopt;
            }
            if (!is_missing(error)) {
                throw;
            }
            missing = error;
        }
    }
    if (listeners.empty()) {
        throw std::system_error(*missing);
    }
    return listeners;
}

std::vector<socket> bind_somewhere(const std::vector<address>& all, std::uint16_t port,
                                   const server_options& options) {
    constexpr int most_tries = 32;
    for (int i = 0; i < most_tries; ++i) {
        if (auto listeners = bind_at_all(all, port, options)) {
            return std::move(*listeners);
        }
    }
    throw std::system_error(EADDRINUSE, std::generic_category(),
                            "start_server: no port is free at every address");
}

coro<void> serve_until_closed(server_ref s) {
    if (server_core::is_open(*s)) {
        s->start();
    }
    detail::turn<server_core> wait(*s, s->closers(), server_core::is_open, "serve_forever");
    try {
        co_await wait;
    } catch (const cancelled_error&) {
        s->close();
        throw;
    }
}

coro<void> wait_until_idle(server_ref s) {
    detail::turn<server_core> wait(*s, s->idlers(), server_core::is_busy, "wait_closed");
    co_await wait;
}

coro<bool> shut_down(server_ref s, nanoseconds grace) {
    s->close();
    auto wait = [&s]() -> coro<void> { co_await wait_until_idle(s); };
    const bool in_time = co_await move_on_after(grace, wait);
    if (!in_time) {
        s->cancel_handlers();
        s->abort_clients();
        co_await wait_until_idle(s);
    }
    co_return in_time;
}

server started(server_ref core, const server_options& options) {
    server result(std::move(core));
    if (options.start_serving) {
        result.start_serving();
    }
    return result;
}

}  // namespace

coro<server> detail::start_server_with(connection_handler handler, std::string host,
                                       std::uint16_t port, server_options options) {
    std::vector<address> all;
    if (host.empty()) {
        all.emplace_back("0.0.0.0", port);
        all.emplace_back("::", port);
    } else {
        all = co_await getaddrinfo(std::move(host), port);
    }
    server_ref core = server_ref::adopt(*new server_core(std::move(handler), options));
    for (socket& bound : bind_somewhere(all, port, options)) {
        core->add(std::move(bound));
    }
    co_return started(std::move(core), options);
}

coro<server> detail::start_unix_server_with(connection_handler handler, std::string path,
                                            server_options options) {
    const address at = address::of_path(path);
    server_ref core = server_ref::adopt(*new server_core(std::move(handler), options));
    socket_file::remove_stale(at);
    socket bound = socket::for_address(at);
    bound.bind(at);
    if (options.cleanup_socket) {
        core->add(socket_file(at));
    }
    core->add(std::move(bound));
    co_return started(std::move(core), options);
}

server::server(detail::core_ref<detail::server_core> core) noexcept : core_(std::move(core)) {}
server::server(server&& other) noexcept = default;

server& server::operator=(server&& other) noexcept {
    if (this != &other) {
        if (core_) {
            core_->close();
        }
        core_ = std::move(other.core_);
    }
    return *this;
}

server::~server() {
    if (core_) {
        core_->close();
    }
}

std::uint16_t server::port() const {
    const auto& listeners = core_->listeners();
    return listeners.empty() ? 0 : listeners.front().getsockname().port();
}

std::vector<address> server::sockets() const {
    std::vector<address> result;
    for (const socket& listener : core_->listeners()) {
        result.push_back(listener.getsockname());
    }
    return result;
}

bool server::is_serving() const noexcept { return core_->serving(); }
std::size_t server::connections() const noexcept { return core_->connections(); }

void server::start_serving() { core_->start(); }
void server::close() noexcept { core_->close(); }
void server::close_clients() noexcept { core_->close_clients(); }
void server::abort_clients() noexcept { core_->abort_clients(); }

coro<void> server::serve_forever() { return serve_until_closed(core_); }
coro<void> server::wait_closed() { return wait_until_idle(core_); }
coro<bool> server::shutdown_within(nanoseconds grace) { return shut_down(core_, grace); }

}  // namespace rondo
