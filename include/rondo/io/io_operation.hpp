// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/waiter.hpp>
#include <rondo/io/io_waiter.hpp>

#include <cerrno>
#include <coroutine>
#include <cstddef>
#include <span>

namespace rondo::detail {

class fd_state;

/// One input or output as an await: tries the system call, and waits only when the kernel says that
/// it would block; then it is tried again at each edge. A cancellation unlinks it, and nothing is
/// lost, since a call that succeeded ended the await.
///
/// Gives the result of the call, or -errno: -EBADF when the descriptor is, or gets, closed. Whoever
/// awaits it keeps the state of the descriptor.
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
    io_operation(fd_state& on, io_side side, const char* name) noexcept
        : fd_(&on), name_(name), side_(side) {}
    io_operation(io_operation&&) noexcept = default;
    ~io_operation() {
        if (linked_) [[unlikely]] {
            unlink();
        }
    }

    /// One system call; -EAGAIN means: not yet.
    virtual std::ptrdiff_t attempt() noexcept = 0;

    int fd() const noexcept;
    fd_state& state() const noexcept { return *fd_; }

    std::ptrdiff_t result_ = -EAGAIN;

private:
    friend class input_operation;

    void unlink() noexcept;
    void leave_batch() noexcept;

    fd_state* fd_;
    const char* name_;
    io_side side_;
    bool linked_ = false;
    bool has_turn_ = false;  // woken before it was tried again
    bool batched_ = false;   // stands in the loop's receive_batch
};

/// An input that is tried when the task has its turn, and not at the edge: the bytes are used while
/// they are in the cache, and memory that one task has given back is taken by the next one. Until
/// then it counts as waiting, so that nobody reads in between. Where little is expected of a socket
/// it is tried at the edge all the same, together with others (receive_batch), and given at the
/// turn.
class input_operation : public io_operation {
public:
    bool try_again() noexcept final;
    bool try_at_turn() noexcept final;

    // For the batch that it stands in.
    using io_operation::fd;
    /// Where it is to receive to: memory of its own, or what it is lent.
    virtual std::span<char> room_at_edge(std::span<char> lent) noexcept { return lent; }
    /// What came of that.
    void received(std::span<char> room, std::ptrdiff_t got) noexcept;

protected:
    input_operation(fd_state& on, const char* name) noexcept
        : io_operation(on, io_side::read, name) {}
    input_operation(input_operation&&) noexcept = default;
    ~input_operation() = default;

    /// Whether not much is likely to come.
    virtual bool expects_little() const noexcept { return false; }
    /// Takes what was received there; gives `got`, or -errno.
    virtual std::ptrdiff_t keep(std::span<char> /*room*/, std::ptrdiff_t got) noexcept {
        return got;
    }
};

}  // namespace rondo::detail
