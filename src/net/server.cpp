// SPDX-License-Identifier: MIT
#include "net/server_core.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/io/detail/turn.hpp>
#include <rondo/net/getaddrinfo.hpp>
#include <rondo/net/server.hpp>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <stdexcept>
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
    const int result = sys::bind(s.fileno(), at.raw());
    if (result < 0) {
        detail::throw_no_address(result, "bind to ", at, options);
    }
    return s;
}

/// The addresses of each host. What one of them lacks may be lacking, if it has another one.
using host_addresses = std::vector<std::vector<address>>;

/// Sockets for a server, all with one port.
class listeners {
public:
    listeners(std::uint16_t port, const server_options& options) noexcept
        : options_(options), port_(port), common_(port) {}

    /// False when a port that the kernel chose for the first address is taken at another one.
    bool add_host(const std::vector<address>& all) {
        std::optional<std::system_error> missing;
        bool any = false;
        for (const address& at : all) {
            try {
                add(at);
                any = true;
            } catch (const std::system_error& error) {
                if (port_ == 0 && common_ != 0 && error.code().value() == EADDRINUSE) {
                    return false;
                }
                if (!is_missing(error)) {
                    throw;
                }
                missing = error;
            }
        }
        if (!any && missing) {
            throw std::system_error(*missing);
        }
        return true;
    }
    std::vector<socket>& bound() noexcept { return bound_; }

private:
    void add(const address& at) {
        bound_.push_back(bind_at(at.with_port(common_), options_));
        common_ = bound_.front().getsockname().port();
    }

    const server_options& options_;
    const std::uint16_t port_;
    std::uint16_t common_;  // 0 until the kernel has chosen one
    std::vector<socket> bound_;
};

std::vector<socket> bind_somewhere(const host_addresses& hosts, std::uint16_t port,
                                   const server_options& options) {
    constexpr int most_tries = 32;
    for (int i = 0; i < most_tries; ++i) {
        listeners all(port, options);
        const auto add = [&all](const std::vector<address>& host) { return all.add_host(host); };
        if (std::all_of(hosts.begin(), hosts.end(), add)) {
            return std::move(all.bound());
        }
    }
    throw std::system_error(EADDRINUSE, std::generic_category(),
                            "start_server: no port is free at every address");
}

coro<std::vector<address>> addresses_of(std::string host, std::uint16_t port) {
    if (!host.empty()) {
        co_return co_await getaddrinfo(std::move(host), port);
    }
    std::vector<address> everywhere;
    everywhere.emplace_back("0.0.0.0", port);
    everywhere.emplace_back("::", port);
    co_return everywhere;
}

/// Each address stays with the first host that has it.
void drop_repeated(host_addresses& hosts) {
    std::vector<address> seen;
    for (auto& all : hosts) {
        std::erase_if(all, [&seen](const address& at) {
            const bool known = std::find(seen.begin(), seen.end(), at) != seen.end();
            if (!known) {
                seen.push_back(at);
            }
            return known;
        });
    }
}

coro<void> serve_until_closed(server_ref s) {
    s->home().check("server::serve_forever");
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
    s->home().check("server::wait_closed");
    detail::turn<server_core> wait(*s, s->idlers(), server_core::is_busy, "wait_closed");
    co_await wait;
}

coro<bool> shut_down(server_ref s, nanoseconds grace) {
    s->home().check("server::shutdown");
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

/// Nobody has the server any more: it is closed, in its own loop.
void let_go(server_ref core) noexcept {
    if (!core) {
        return;
    }
    event_loop* const home = core->home().elsewhere();
    if (home == nullptr) {
        core->close();
        return;
    }
    try {
        static_cast<void>(home->call_soon_threadsafe([last = std::move(core)] { last->close(); }));
    } catch (const std::exception&) {  // that loop ends just now, and its servers with it
    }
}

const server_ref& check_not_moved(const server_ref& core, const char* operation) {
    if (!core) {
        throw std::runtime_error(std::string("server::") + operation +
                                 ": the server is closed, for it was moved from");
    }
    return core;
}

server started(server_ref core, const server_options& options) {
    server result(std::move(core));
    if (options.start_serving) {
        result.start_serving();
    }
    return result;
}

}  // namespace

coro<server> detail::start_server_with(connection_handler handler, std::vector<std::string> hosts,
                                       std::uint16_t port, server_options options) {
    if (hosts.empty()) {
        throw std::invalid_argument(
            "start_server: no host to listen on; \"\" means all of this machine");
    }
    host_addresses all;
    for (std::string& host : hosts) {
        auto lookup = addresses_of(std::move(host), port);
        all.push_back(co_await lookup);
    }
    drop_repeated(all);
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

server detail::start_server_on(connection_handler handler, socket bound, server_options options) {
    server_ref core = server_ref::adopt(*new server_core(std::move(handler), options));
    core->add(std::move(bound));
    return started(std::move(core), options);
}

server::server(detail::core_ref<detail::server_core> core) noexcept : core_(std::move(core)) {}
server::server(server&& other) noexcept = default;

server& server::operator=(server&& other) noexcept {
    if (this != &other) {
        let_go(std::exchange(core_, std::move(other.core_)));
    }
    return *this;
}

server::~server() { let_go(std::move(core_)); }

std::uint16_t server::port() const {
    const bool listens = core_ && !core_->listeners().empty();
    return listens ? core_->listeners().front().getsockname().port() : 0;
}

std::vector<address> server::sockets() const {
    std::vector<address> result;
    if (!core_) {
        return result;
    }
    for (const socket& listener : core_->listeners()) {
        result.push_back(listener.getsockname());
    }
    return result;
}

bool server::is_serving() const noexcept { return core_ && core_->serving(); }
std::size_t server::connections() const noexcept { return core_ ? core_->connections() : 0; }

void server::start_serving() { check_not_moved(core_, "start_serving")->start(); }
void server::close() noexcept {
    if (core_ && !core_->home().reports_stranger("server::close")) {
        core_->close();
    }
}
void server::close_clients() noexcept {
    if (core_ && !core_->home().reports_stranger("server::close_clients")) {
        core_->close_clients();
    }
}
void server::abort_clients() noexcept {
    if (core_ && !core_->home().reports_stranger("server::abort_clients")) {
        core_->abort_clients();
    }
}

coro<void> server::serve_forever() {
    return serve_until_closed(check_not_moved(core_, "serve_forever"));
}
coro<void> server::wait_closed() { return wait_until_idle(check_not_moved(core_, "wait_closed")); }
coro<bool> server::shutdown_within(nanoseconds grace) {
    return shut_down(check_not_moved(core_, "shutdown"), grace);
}

}  // namespace rondo
