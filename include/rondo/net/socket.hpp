// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/io/address.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rondo {

class file;

namespace detail {
class fd_state;
}

/// A non-blocking socket: the level of curio's sockets and of asyncio's sock_* calls, below
/// streams.
///
///     auto client = co_await listener.accept();
///     auto data = co_await client.recv(4096);    // empty at the end of the stream
///     co_await client.sendall(data);
///
/// Each call tries the system call first and waits only if it would block. At a time one task may
/// wait to read and one to write; another one gets runtime_error. Every await: a cancellation loses
/// nothing that was received or accepted; closing the socket makes those who wait throw.
///
/// Errors of the kernel are std::system_error with its errno. Owned by one, moved, closed by the
/// destructor; calls that are under way keep what they need. Threads: the loop's.
class socket {
public:
    /// A new TCP socket.
    static socket tcp(bool ipv6 = false);
    /// A new stream socket for addresses of that kind.
    static socket for_address(const address& at);
    /// Two Unix sockets that are connected with each other.
    static std::pair<socket, socket> pair();
    /// Takes over a descriptor and makes it non-blocking.
    explicit socket(int fd);
    socket(socket&& other) noexcept;
    socket& operator=(socket&& other) noexcept;
    ~socket();

    // ---- without waiting
    /// Throws system_error naming the address.
    void bind(const address& at);
    /// A numeric host; port 0 lets the kernel choose.
    void bind(std::string_view host, std::uint16_t port) { bind(address(host, port)); }
    void listen(int backlog = 100);
    void shutdown(shutdown_how how);
    /// Those who wait throw system_error (EBADF). May be repeated.
    void close() noexcept;
    bool is_closed() const noexcept;
    /// The descriptor; -1 when closed.
    int fileno() const noexcept;
    /// Gives the descriptor away. Throws runtime_error when a task waits for the socket.
    int detach();
    address getsockname() const;
    address getpeername() const;
    void set_option(socket_option option, int value);
    int get_option(socket_option option) const;

    // ---- awaitables
    /// Returns: a connection. Throws: system_error. Cancellation: none is lost. Fairness: yields
    /// only to wait, or after many at once. Threads: the loop's.
    [[nodiscard]] coro<socket> accept();
    /// A Unix socket whose listener has no room waits until there is some.
    /// Returns: nothing. Throws: system_error. Cancellation: the socket must be closed. Fairness:
    /// yields only to wait. Threads: the loop's.
    [[nodiscard]] coro<void> connect(address to);
    /// The same for a name or a numeric host; tries its addresses of the socket's kind in order.
    /// Throws: system_error of the last one; runtime_error when the name is unknown, or has no
    /// address of that kind. Returns, Cancellation, Fairness, Threads: as above.
    [[nodiscard]] coro<void> connect(std::string host, std::uint16_t port);
    /// Returns: 1 to `most` bytes, at most 64 KiB; none at the end, or for 0. Throws: system_error.
    /// Cancellation: nothing is lost. Fairness: yields only to wait, or after many at once.
    /// Threads: the loop's.
    [[nodiscard]] coro<std::string> recv(std::size_t most);
    /// The same into memory of the caller's, which must live until then. Returns: how many bytes; 0
    /// at the end. Throws, Cancellation, Fairness, Threads: as recv.
    [[nodiscard]] coro<std::size_t> recv_into(std::span<char> to);
    /// Sends what the kernel takes; the data must live until then.
    /// Returns: how many bytes that were, at least one unless there are none. Throws: system_error.
    /// Cancellation: nothing was sent. Fairness: yields only to wait, or after many at once.
    /// Threads: the loop's.
    [[nodiscard]] coro<std::size_t> send(std::string_view data);
    /// Sends all of it; the data must live until then.
    /// Returns: nothing. Throws: system_error. Cancellation: some of it may have been sent.
    /// Fairness: yields only to wait, or after many at once. Threads: the loop's.
    [[nodiscard]] coro<void> sendall(std::string_view data);

    /// For rondo's own parts.
    const detail::core_ref<detail::fd_state>& state() const noexcept { return state_; }

    explicit socket(detail::core_ref<detail::fd_state> state) noexcept;

private:
    friend class stream;

    detail::core_ref<detail::fd_state> state_;
};

/// What the sock_* calls take: a socket, or a non-blocking descriptor, which stays the caller's and
/// must not be closed while a task waits for it.
class sock_ref {
public:
    sock_ref(const socket& s);
    sock_ref(int fd);
    sock_ref(const sock_ref& other) noexcept;
    sock_ref& operator=(const sock_ref&) = delete;
    ~sock_ref();

    const detail::core_ref<detail::fd_state>& state() const noexcept { return state_; }

private:
    detail::core_ref<detail::fd_state> state_;
};

// asyncio's loop.sock_* calls, on the running loop. Returns, Throws, Cancellation, Fairness and
// Threads are those of the members of `socket`; in debug mode a descriptor that blocks is refused
// with invalid_argument.
[[nodiscard]] coro<std::string> sock_recv(sock_ref from, std::size_t most);
[[nodiscard]] coro<std::size_t> sock_recv_into(sock_ref from, std::span<char> to);
[[nodiscard]] coro<void> sock_sendall(sock_ref to, std::string_view data);
[[nodiscard]] coro<socket> sock_accept(sock_ref listener);
[[nodiscard]] coro<void> sock_connect(sock_ref s, address to);
/// Sends a part of a file, by default all of it: without copying it where the kernel can. The
/// file's position is neither used nor moved.
/// Returns: how many bytes; less than `count` when the file ends before. Throws: system_error;
/// invalid_argument for a negative offset or count. Cancellation: a part may have been sent.
/// Fairness: yields only to wait, or after many pieces. Threads: the loop's.
[[nodiscard]] coro<std::int64_t> sock_sendfile(sock_ref to, const file& from,
                                               std::int64_t offset = 0,
                                               std::optional<std::int64_t> count = std::nullopt);

}  // namespace rondo
