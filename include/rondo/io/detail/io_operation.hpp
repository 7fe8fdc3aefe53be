// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/waiter.hpp>
#include <rondo/io/detail/io_waiter.hpp>

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

    fd_state* fd_;
    const char* name_;
    io_side side_;
    bool linked_ = false;
    bool has_turn_ = false;  // woken before it was tried again
};

/// An input that is tried when the task has its turn, and not at the edge: the bytes are used while
/// they are in the cache, and memory that one task has given back is taken by the next one. Until
/// then it counts as waiting, so that nobody reads in between.
class input_operation : public io_operation {
public:
    bool try_again() noexcept override;
    bool try_at_turn() noexcept final;

protected:
    input_operation(fd_state& on, const char* name) noexcept
        : io_operation(on, io_side::read, name) {}
    input_operation(input_operation&&) noexcept = default;
    ~input_operation() = default;

    bool has_turn() const noexcept { return has_turn_; }
    void await_turn() noexcept;
};

/// An input that, where little is expected of a socket, is tried at the edge all the same, together
/// with others (receive_batch), and given at the turn.
class batched_input : public input_operation {
public:
    bool try_again() noexcept final;
    void turned_away() noexcept final;
    cancel_answer cancel() noexcept final;

    // For the batch that it stands in.
    using io_operation::fd;
    /// Where it is to receive to: memory of its own, or what it is lent.
    virtual std::span<char> room_at_edge(std::span<char> lent) noexcept = 0;
    /// What came of that.
    void received(std::span<char> room, std::ptrdiff_t got) noexcept;
    /// It has not been tried.
    void receive_at_turn() noexcept;

protected:
    using input_operation::input_operation;
    batched_input(batched_input&&) noexcept = default;
    ~batched_input() { leave_batch(); }

    /// Whether not much is likely to come.
    virtual bool expects_little() const noexcept = 0;
    /// Takes what was received there; gives `got`, or -errno.
    virtual std::ptrdiff_t keep(std::span<char> room, std::ptrdiff_t got) noexcept = 0;

private:
    void leave_batch() noexcept {
        if (batched_) [[unlikely]] {
            leave_batch_now();
        }
    }
    void leave_batch_now() noexcept;

    bool batched_ = false;
};

}  // namespace rondo::detail
