// SPDX-License-Identifier: MIT
#include "net/server_core.hpp"

#include "io/operations.hpp"
#include "sys/file.hpp"
#include <rondo/core/event_loop.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/io/detail/turn.hpp>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace rondo::detail {

namespace {

void report(const char* what, const std::exception_ptr& error) {
    running_core("start_server").report(what, error);
}

void report_accept(std::ptrdiff_t negative_errno, bool turned_away) {
    const std::string what = std::string("accept") +
                             (turned_away ? "; closed the connections that waited" : "") +
                             "; trying again in a second";
    report("a server could not accept a connection",
           std::make_exception_ptr(std::system_error(static_cast<int>(-negative_errno),
                                                     std::generic_category(), what)));
}

bool is_system_error(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::system_error&) {
        return true;
    } catch (...) {
        return false;
    }
}

bool is_out_of_descriptors(std::ptrdiff_t result) noexcept {
    return result == -EMFILE || result == -ENFILE;
}

}  // namespace

// ---- listening

void throw_no_address(int negative_errno, const char* what, const address& at,
                      const server_options& options) {
    const bool could_share = negative_errno == -EADDRINUSE && !options.reuse_port && !at.is_unix();
    throw_io_error(
        negative_errno,
        std::string(what) + at.to_string() +
            (could_share ? " (servers may share it where each has .reuse_port = true)" : ""));
}

/// Connections inherit the options of their listener, which saves a system call for each of them.
void server_core::set_options(socket& listener) const {
    static_cast<void>(sys::set_option(listener.fileno(), socket_option::no_delay, 1));
    if (options_.keep_alive) {
        listener.set_option(socket_option::keep_alive, 1);
    }
}

bool server_core::serving() const noexcept {
    return std::any_of(acceptors_.begin(), acceptors_.end(),
                       [](const any_task& accepting) { return !accepting.done(); });
}

void server_core::start() {
    home_.check("server::start_serving");
    if (closed_) {
        throw std::runtime_error("server::start_serving: the server is closed");
    }
    if (serving()) {
        return;
    }
    static_cast<void>(running_core("server::start_serving"));
    for (socket& listener : listeners_) {
        set_options(listener);
        const int result = sys::listen(listener.fileno(), options_.backlog);
        if (result < 0) {
            throw_no_address(result, "listen at ", listener.getsockname(), options_);
        }
    }
    reserve_ = sys::unique_fd(sys::open_null());
    home_ = home_loop();
    acceptors_.clear();
    for (const socket& listener : listeners_) {
        acceptors_.push_back(create_task(accept_all(server_ref::share(*this), listener.state()),
                                         {.name = "accept"}));
    }
}

coro<void> server_core::accept_all(server_ref self, fd_ref listener) {
    while (!self->closed_) {
        if (is_full(*self)) {
            turn<server_core> room(*self, self->for_room_, is_full, "accept");
            co_await room;
            continue;
        }
        std::ptrdiff_t fd = -ENOMEM;
        try {
            accept_operation accept(*listener);
            fd = co_await accept;
        } catch (const std::system_error& error) {  // the kernel refuses to watch
            fd = -error.code().value();
        } catch (const std::bad_alloc&) {
        }
        if (fd >= 0) {
            self->start_handler(static_cast<int>(fd));
        } else if (fd != -EBADF) {
            // Trying at once would only spin, since what is missing is missing still.
            const bool turned_away = is_out_of_descriptors(fd) && !listener->is_closed() &&
                                     self->turn_away_waiting(listener->fd());
            report_accept(fd, turned_away);
            co_await sleep(std::chrono::seconds(1));
        }
    }
}

/// Whoever waits to be accepted learns at once that it is in vain. False when that cannot be done.
bool server_core::turn_away_waiting(int listener) noexcept {
    if (!reserve_) {
        reserve_ = sys::unique_fd(sys::open_null());
        return false;
    }
    reserve_ = sys::unique_fd();
    bool any = false;
    for (int i = 0; i <= options_.backlog; ++i) {
        const sys::unique_fd accepted(sys::accept(listener));
        if (!accepted) {
            break;
        }
        any = true;
    }
    reserve_ = sys::unique_fd(sys::open_null());
    return any;
}

void server_core::close() noexcept {
    if (std::exchange(closed_, true)) {
        return;
    }
    listeners_.clear();
    file_.reset();
    reserve_ = sys::unique_fd();
    for (const any_task& task : std::exchange(acceptors_, {})) {
        if (with_live_loop(task.core().loop())) {
            task.cancel();
        }
    }
    wake_all(closers_);
    if (running_ == 0) {
        wake_all(idlers_);
    }
}

// ---- connections

server_core::connection::connection(server_core& of, stream_ref with) noexcept
    : server_(server_ref::share(of)), stream_(std::move(with)) {
    of.connections_.push_back(*this);
    ++of.running_;
}

server_core::connection::~connection() {
    server_->connections_.remove(*this);
    wake_all(server_->for_room_);
    if (--server_->running_ == 0 && server_->closed_) {
        wake_all(server_->idlers_);
    }
}

void server_core::start_handler(int fd) noexcept {
    try {
        fd_ref accepted = own_fd(fd);
        // Mostly whoever has just connected has not sent anything yet.
        accepted->expect_silence();
        stream client(stream_ref::adopt(*new stream_core(std::move(accepted), options_.limit)));
        auto with = make_box<connection>(*this, client.core());
        static_cast<void>(create_task(connection::serve(std::move(with), std::move(client))));
    } catch (...) {
        report("a server could not start the handler of a connection", std::current_exception());
    }
}

coro<void> server_core::connection::serve(box<connection> with, stream client) {
    const box<connection> mine = std::move(with);  // a parameter would live as long as the task
    mine->scope_.enter("a connection of a server");
    std::exception_ptr error;
    try {
        co_await mine->server_->handler_(std::move(client));
    } catch (...) {
        error = std::current_exception();
    }
    const bool shut_down = mine->scope_.leave(error);
    if (error && !shut_down) {
        mine->failed(error);
    }
}

void server_core::connection::failed(const std::exception_ptr& error) const {
    if (is_cancellation(error) || is_process_exit(error)) {
        std::rethrow_exception(error);
    }
    if (!aborted_ || !is_system_error(error)) {
        report("unhandled exception in the handler of a connection", error);
    }
}

void server_core::connection::close() noexcept {
    stream_->end_reading();
    stream_->close();
}

void server_core::connection::abort() noexcept {
    aborted_ = true;
    stream_->end_reading();
    stream_->abort();
}

void server_core::close_clients() noexcept {
    for (connection* c = connections_.front(); c != nullptr; c = connections_.after(*c)) {
        c->close();
    }
}

void server_core::abort_clients() noexcept {
    for (connection* c = connections_.front(); c != nullptr; c = connections_.after(*c)) {
        c->abort();
    }
}

void server_core::cancel_handlers() noexcept {
    for (connection* c = connections_.front(); c != nullptr; c = connections_.after(*c)) {
        c->cancel();
    }
}

}  // namespace rondo::detail
