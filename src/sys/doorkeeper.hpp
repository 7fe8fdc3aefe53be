// SPDX-License-Identifier: MIT
#pragma once

#include "sys/socket.hpp"
#include <rondo/base/detail/system_call.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Who may stand between a thread and the kernel: fault plans and the simulated network.
namespace rondo::sys {

using call = detail::system_call;
inline constexpr std::size_t call_count = static_cast<std::size_t>(call::writev) + 1;
const char* name_of(call what) noexcept;

/// Sockets that are none of the kernel's. The members are the functions of the same name.
class socket_calls {
public:
    virtual int socket_stream(family f) noexcept = 0;
    virtual int bind(int fd, const socket_address& address) noexcept = 0;
    virtual int listen(int fd, int backlog) noexcept = 0;
    virtual int accept(int fd) noexcept = 0;
    virtual int connect(int fd, const socket_address& address) noexcept = 0;
    virtual std::ptrdiff_t recv(int fd, void* to, std::size_t most) noexcept = 0;
    virtual std::ptrdiff_t send(int fd, const void* from, std::size_t size) noexcept = 0;
    virtual std::ptrdiff_t send_pieces(int fd,
                                       std::span<const std::string_view> pieces) noexcept = 0;
    virtual int is_ready(int fd, half which) noexcept = 0;
    virtual int shutdown(int fd, half which) noexcept = 0;
    virtual std::ptrdiff_t unacknowledged(int fd) noexcept = 0;
    virtual int getsockname(int fd, socket_address& to) noexcept = 0;
    virtual int getpeername(int fd, socket_address& to) noexcept = 0;
    virtual int set_option(int fd, socket_option option, int value) noexcept = 0;
    virtual int get_option(int fd, socket_option option, int& value) noexcept = 0;
    /// Before the kernel's close(), which frees the number.
    virtual void closes(int fd) noexcept = 0;
    /// 0, or a code for lookup_message().
    virtual int lookup(const char* host, std::vector<socket_address>& found) = 0;

protected:
    ~socket_calls() = default;
};

/// Stands at the door of the thread that made it, until it is destroyed there. There may be
/// several; each is asked before a system call, the youngest first.
///
/// A thread without one pays a branch that is always predicted, and this is why the door is a
/// pointer that is null, and not a table of functions: those would be indirect calls for everybody.
class doorkeeper {
public:
    doorkeeper() noexcept;
    doorkeeper(const doorkeeper&) = delete;
    doorkeeper& operator=(const doorkeeper&) = delete;

    /// 0 lets the call pass; -errno is what it gives instead. A call that transfers bytes may have
    /// their number lowered.
    virtual int before(call what, std::size_t& bytes) noexcept;
    /// Whether it is asked about what other threads do for this one, too; before() must then be
    /// thread-safe.
    virtual bool goes_along() const noexcept { return false; }
    /// Whoever has this socket; for -1, whoever makes new ones. Null: the kernel.
    virtual socket_calls* sockets_of(int fd) noexcept;

    doorkeeper* next() const noexcept { return next_; }

protected:
    ~doorkeeper();

private:
    doorkeeper* next_;
};

/// Whether there is one in this thread.
bool door_is_kept() noexcept;
/// The youngest doorkeeper of this thread that goes along; null when there is none.
doorkeeper* companion() noexcept;

/// Lets the doorkeeper of another thread, if any, be asked about this one, too.
class borrowed_door final : private doorkeeper {
public:
    explicit borrowed_door(doorkeeper& lender) noexcept : lender_(lender) {}

private:
    int before(call what, std::size_t& bytes) noexcept override {
        return lender_.before(what, bytes);
    }
    doorkeeper& lender_;
};

/// A descriptor that is good for nothing but its number, which no other one has meanwhile. It is
/// always ready, so that nobody waits for it in vain. Nobody is asked. -errno when there is none.
int spare_descriptor() noexcept;

/// Whether `host` was looked up without the C library and without waiting; `code` is as lookup()
/// gives it.
bool lookup_at_once(const char* host, std::vector<socket_address>& found, int& code);

}  // namespace rondo::sys
