// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include <rondo/core/waiter.hpp>
#include <rondo/sys/socket.hpp>

#include <cerrno>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace rondo::detail {

/// Throws runtime_error naming `operation` when no task runs in a loop.
inline void check_in_task(const char* operation) {
    if (exec.current == nullptr || exec.current->loop() == nullptr) [[unlikely]] {
        running_task(operation);
    }
}

/// One input or output as an await: tries the system call, and waits only when the kernel says that
/// it would block; then it is tried again at each edge. A cancellation unlinks it, and nothing is
/// lost, since a call that succeeded ended the await.
///
/// Gives the result of the call, or -errno: -EBADF when the descriptor is, or gets, closed.
class io_operation : public waiter, public io_waiter {
public:
    using rondo_awaitable = void;

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    std::ptrdiff_t await_resume() const {
        throw_if_cancelled();
        return result_;
    }

    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return name_; }
    bool try_again() noexcept override;
    void turned_away() noexcept override;

protected:
    io_operation(fd_ref on, io_side side, const char* name) noexcept
        : fd_(std::move(on)), name_(name), side_(side) {}
    ~io_operation();

    /// One system call; -EAGAIN means: not yet.
    virtual std::ptrdiff_t attempt() noexcept = 0;

    int fd() const noexcept { return fd_->fd(); }
    fd_state& state() const noexcept { return *fd_; }
    /// Does not wait any more.
    void unlink() noexcept {
        linked_ = false;
        fd_->leave(side_);
    }

    std::ptrdiff_t result_ = -EAGAIN;
    bool has_turn_ = false;  // woken before it was tried again

private:
    fd_ref fd_;
    const char* name_;
    io_side side_;
    bool linked_ = false;
};

/// An input that is tried when the task has its turn, and not at the edge: the bytes are used while
/// they are in the cache, and memory that one task has given back is taken by the next one. Until
/// then it counts as waiting, so that nobody reads in between. Gives -EAGAIN, too: there was
/// nothing after all, and the same operation has to be awaited again.
class input_operation : public io_operation {
public:
    std::ptrdiff_t await_resume();

    bool try_again() noexcept override;

protected:
    input_operation(fd_ref on, const char* name) noexcept
        : io_operation(std::move(on), io_side::read, name) {}
    ~input_operation() = default;
};

/// Memory of the thread, for the time of one system call; null when there is none to be had.
inline constexpr std::size_t scratch_size = 64 * 1024;
char* scratch() noexcept;

/// recv into memory that lives until then.
class recv_operation final : public input_operation {
public:
    recv_operation(fd_ref on, std::span<char> to) noexcept
        : input_operation(std::move(on), "recv"), to_(to) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::span<char> to_;
};

/// recv appended to a string. No memory is held while it waits.
class append_operation final : public input_operation {
public:
    /// The most that it takes at once.
    static constexpr std::size_t largest = scratch_size;

    append_operation(fd_ref on, std::string& to, std::size_t most = largest) noexcept
        : input_operation(std::move(on), "recv"), to_(&to), most_(most) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::string* to_;
    std::size_t most_;
};

class send_operation final : public io_operation {
public:
    send_operation(fd_ref on, std::string_view data) noexcept
        : io_operation(std::move(on), io_side::write, "send"), data_(data) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::string_view data_;
};

/// send until all of it is sent.
class send_all_operation final : public io_operation {
public:
    send_all_operation(fd_ref on, std::string_view data) noexcept
        : io_operation(std::move(on), io_side::write, "sendall"), data_(data) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::string_view data_;
};

/// Gives a descriptor.
class accept_operation final : public io_operation {
public:
    explicit accept_operation(fd_ref on) noexcept
        : io_operation(std::move(on), io_side::read, "accept") {}
    ~accept_operation();

    std::ptrdiff_t await_resume() {
        throw_if_cancelled();
        return std::exchange(result_, -EAGAIN);
    }

private:
    std::ptrdiff_t attempt() noexcept override;
};

class connect_operation final : public io_operation {
public:
    connect_operation(fd_ref on, const sys::socket_address& to) noexcept
        : io_operation(std::move(on), io_side::write, "connect"), to_(&to) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    const sys::socket_address* to_;
};

}  // namespace rondo::detail
