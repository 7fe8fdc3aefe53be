// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include "io/stream_core.hpp"
#include "net/home_loop.hpp"
#include "net/socket_file.hpp"
#include "sys/unique_fd.hpp"
#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/task.hpp>
#include <rondo/net/server.hpp>
#include <rondo/net/socket.hpp>

#include <optional>
#include <vector>

namespace rondo::detail {

/// The state of a server. Counted: by the server, its accepting tasks and its handlers.
///
/// Invariants:
///  1. Each listener has an accepting task from start() until close(), and none besides.
///  2. A connection stands in the list from the creation of its handler's task until that has
///     ended, even if it never runs.
class server_core {
public:
    server_core(connection_handler handler, const server_options& options) noexcept
        : handler_(std::move(handler)), options_(options) {}

    /// Takes over a socket that is bound.
    void add(socket bound) { listeners_.push_back(std::move(bound)); }
    void add(socket_file at) { file_.emplace(std::move(at)); }
    void start();
    void close() noexcept;
    void close_clients() noexcept;
    void abort_clients() noexcept;
    /// Each await of a handler throws from now on.
    void cancel_handlers() noexcept;

    const home_loop& home() const noexcept { return home_; }
    const std::vector<socket>& listeners() const noexcept { return listeners_; }
    /// False, too, once the loop is closed that it accepted in.
    bool serving() const noexcept;
    std::size_t connections() const noexcept { return running_; }
    intrusive_list<waiter>& closers() noexcept { return closers_; }
    intrusive_list<waiter>& idlers() noexcept { return idlers_; }
    static bool is_full(const server_core& s) noexcept {
        return !s.closed_ && s.running_ >= s.options_.max_connections;
    }
    static bool is_open(const server_core& s) noexcept { return !s.closed_; }
    static bool is_busy(const server_core& s) noexcept { return !s.closed_ || s.running_ > 0; }

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

private:
    /// One connection and its handler.
    class connection : public list_node, public pooled {
    public:
        connection(server_core& of, stream_ref with) noexcept;
        connection(const connection&) = delete;
        connection& operator=(const connection&) = delete;
        ~connection();

        /// Runs the handler.
        static coro<void> serve(box<connection> with, stream client);
        /// Its reads see the end.
        void close() noexcept;
        void abort() noexcept;
        void cancel() noexcept { scope_.cancel("the server is being shut down"); }

    private:
        void failed(const std::exception_ptr& error) const;

        core_ref<server_core> server_;
        stream_ref stream_;
        scope_core scope_;      // around the handler
        bool aborted_ = false;  // by the server, so that errors of the handler are no surprise
    };

    ~server_core() = default;

    void set_options(socket& listener) const;
    static coro<void> accept_all(core_ref<server_core> self, fd_ref listener);
    void start_handler(int fd) noexcept;
    bool turn_away_waiting(int listener) noexcept;

    connection_handler handler_;
    server_options options_;
    home_loop home_;  // where it accepts
    std::vector<socket> listeners_;
    std::optional<socket_file> file_;
    std::vector<any_task> acceptors_;
    sys::unique_fd reserve_;  // given up to accept, and close, when no descriptor is left
    intrusive_list<connection> connections_;
    std::size_t running_ = 0;          // how many those are
    intrusive_list<waiter> closers_;   // until closed
    intrusive_list<waiter> idlers_;    // until closed and no handler runs
    intrusive_list<waiter> for_room_;  // until fewer handlers run
    unsigned references_ = 1;
    bool closed_ = false;
};

using server_ref = core_ref<server_core>;

/// Throws the system_error of a server that cannot have an address: "bind to 127.0.0.1:80: …". Says
/// what would help when another server has it.
[[noreturn]] void throw_no_address(int negative_errno, const char* what, const address& at,
                                   const server_options& options);

}  // namespace rondo::detail
