// SPDX-License-Identifier: MIT
#include "io/io_operation.hpp"
#include "io/turn.hpp"
#include <rondo/core/loop.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/time.hpp>
#include <rondo/net/server.hpp>

#include <cerrno>
#include <exception>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

namespace rondo {

namespace detail {

/// The state of a server. Counted: by the server, its accepting tasks and its handlers.
class server_core {
public:
    server_core(connection_handler handler, std::size_t limit)
        : handler_(std::move(handler)), limit_(limit) {}

    /// Accepts from `listener`, in a task of the running loop.
    void accept_from(socket listener);
    void close() noexcept;

    const std::vector<socket>& listeners() const noexcept { return listeners_; }
    intrusive_list<waiter>& closers() noexcept { return closers_; }
    intrusive_list<waiter>& idlers() noexcept { return idlers_; }
    static bool is_open(const server_core& s) noexcept { return !s.closed_; }
    static bool is_busy(const server_core& s) noexcept { return !s.closed_ || s.handlers_ > 0; }

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

private:
    /// Counts a handler from the creation of its task until its end, even if it never runs.
    class counted {
    public:
        explicit counted(server_core& by) noexcept : by_(core_ref<server_core>::share(by)) {
            ++by_->handlers_;
        }
        counted(counted&&) noexcept = default;
        counted& operator=(counted&&) = delete;
        ~counted() {
            if (by_ && --by_->handlers_ == 0 && by_->closed_) {
                wake_all(by_->idlers_);
            }
        }
        server_core& server() const noexcept { return *by_; }

    private:
        core_ref<server_core> by_;
    };

    ~server_core() = default;

    static coro<void> accept_all(core_ref<server_core> self, fd_ref listener);
    static coro<void> handle(counted by, stream connection);
    void start_handler(int fd) noexcept;

    connection_handler handler_;
    std::size_t limit_;
    std::vector<socket> listeners_;
    std::vector<any_task> acceptors_;
    intrusive_list<waiter> closers_;  // until closed
    intrusive_list<waiter> idlers_;   // until closed and no handler runs
    std::size_t handlers_ = 0;
    unsigned references_ = 1;
    bool closed_ = false;
};

namespace {

using server_ref = core_ref<server_core>;

void report(const char* what, std::exception_ptr error) {
    get_running_loop().call_exception_handler({what, std::move(error), {}});
}

std::exception_ptr accept_error(std::ptrdiff_t negative_errno) {
    return std::make_exception_ptr(std::system_error(static_cast<int>(-negative_errno),
                                                     std::generic_category(),
                                                     "accept; tried again in a second"));
}

}  // namespace

void server_core::accept_from(socket listener) {
    auto accepting = accept_all(server_ref::share(*this), listener.state());
    listeners_.push_back(std::move(listener));
    acceptors_.push_back(create_task(std::move(accepting), {.name = "accept"}));
}

coro<void> server_core::accept_all(server_ref self, fd_ref listener) {
    while (!self->closed_) {
        std::ptrdiff_t fd = -ENOMEM;
        try {
            accept_operation accept(listener);
            fd = co_await accept;
        } catch (const std::system_error& error) {  // the kernel refuses to watch
            fd = -error.code().value();
        } catch (const std::bad_alloc&) {
        }
        if (fd >= 0) {
            self->start_handler(static_cast<int>(fd));
        } else if (fd != -EBADF) {
            // Out of descriptors or memory, most likely: trying at once would only spin.
            report("a server could not accept a connection", accept_error(fd));
            co_await sleep(std::chrono::seconds(1));
        }
    }
}

void server_core::start_handler(int fd) noexcept {
    try {
        stream connection(socket(own_fd(fd)), limit_);
        static_cast<void>(create_task(handle(counted(*this), std::move(connection))));
    } catch (...) {
        report("a server could not start the handler of a connection", std::current_exception());
    }
}

coro<void> server_core::handle(counted by, stream connection) {
    const counted until_here = std::move(by);  // a parameter would live as long as the task
    try {
        co_await until_here.server().handler_(std::move(connection));
    } catch (const cancelled_error&) {
        throw;
    } catch (const process_exit&) {
        throw;
    } catch (...) {
        report("unhandled exception in the handler of a connection", std::current_exception());
    }
}

void server_core::close() noexcept {
    if (std::exchange(closed_, true)) {
        return;
    }
    listeners_.clear();
    for (const any_task& task : std::exchange(acceptors_, {})) {
        if (with_live_loop(task.core().loop())) {
            task.cancel();
        }
    }
    wake_all(closers_);
    if (handlers_ == 0) {
        wake_all(idlers_);
    }
}

}  // namespace detail

using detail::server_ref;

namespace {

/// A machine without IPv6 still serves "localhost".
bool is_missing(const std::system_error& error) {
    return error.code().value() == EAFNOSUPPORT || error.code().value() == EADDRNOTAVAIL;
}

socket listen_at(const address& at, const server_options& options) {
    socket s = socket::tcp(at.is_ipv6());
    s.set_option(socket_option::reuse_address, 1);
    if (options.reuse_port) {
        s.set_option(socket_option::reuse_port, 1);
    }
    if (at.is_ipv6()) {
        s.set_option(socket_option::ipv6_only, 1);
    }
    s.bind(at);
    s.listen(options.backlog);
    return s;
}

/// A socket for each address, all with one port. Nullopt when a port that the kernel chose for the
/// first address is taken at another one.
std::optional<std::vector<socket>> listen_at_all(const std::vector<address>& all,
                                                 std::uint16_t port,
                                                 const server_options& options) {
    std::vector<socket> listeners;
    std::optional<std::system_error> missing;
    std::uint16_t common = port;
    for (const address& at : all) {
        try {
            listeners.push_back(listen_at(at.with_port(common), options));
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

std::vector<socket> listen_somewhere(const std::vector<address>& all, std::uint16_t port,
                                     const server_options& options) {
    constexpr int most_tries = 32;
    for (int i = 0; i < most_tries; ++i) {
        if (auto listeners = listen_at_all(all, port, options)) {
            return std::move(*listeners);
        }
    }
    throw std::system_error(EADDRINUSE, std::generic_category(),
                            "start_server: no port is free at every address");
}

coro<void> serve_until_closed(server_ref s) {
    detail::turn<detail::server_core> wait(*s, s->closers(), detail::server_core::is_open,
                                           "serve_forever");
    try {
        co_await wait;
    } catch (const cancelled_error&) {
        s->close();
        throw;
    }
}

coro<void> wait_until_idle(server_ref s) {
    detail::turn<detail::server_core> wait(*s, s->idlers(), detail::server_core::is_busy,
                                           "wait_closed");
    co_await wait;
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
    std::vector<socket> listeners = listen_somewhere(all, port, options);
    server result(server_ref::adopt(*new server_core(std::move(handler), options.limit)));
    for (socket& listener : listeners) {
        result.core_->accept_from(std::move(listener));
    }
    co_return result;
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

bool server::is_serving() const noexcept { return !core_->listeners().empty(); }
void server::close() noexcept { core_->close(); }

coro<void> server::serve_forever() { return serve_until_closed(core_); }
coro<void> server::wait_closed() { return wait_until_idle(core_); }

}  // namespace rondo
