// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include "sys/socket.hpp"
#include <rondo/core/coro.hpp>
#include <rondo/io/detail/io_operation.hpp>

#include <cerrno>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace rondo::detail {

/// Memory of the thread, until what was received there is taken; null when there is none to be had.
inline constexpr std::size_t scratch_size = 64 * 1024;
char* scratch() noexcept;

/// recv into memory that lives until then.
class recv_operation final : public input_operation {
public:
    recv_operation(fd_state& on, std::span<char> to) noexcept
        : input_operation(on, "recv"), to_(to) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::span<char> to_;
};

/// recv appended to a string. No memory is held while it waits.
class append_operation final : public input_operation {
public:
    append_operation(fd_state& on, std::string& to, std::size_t most = scratch_size) noexcept
        : input_operation(on, "recv"), to_(&to), most_(most) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::string* to_;
    std::size_t most_;
};

/// recv, and whether there is more.
inline std::ptrdiff_t receive(fd_state& from, std::span<char> to) noexcept {
    const std::ptrdiff_t got = from.receive(to);
    from.note_read(got, to.size());
    return got;
}
/// The same by way of scratch(), appended to a string.
std::ptrdiff_t receive_appending(fd_state& from, std::string& to, std::size_t most) noexcept;

class send_operation final : public io_operation {
public:
    send_operation(fd_state& on, std::string_view data, const char* name = "send") noexcept
        : io_operation(on, io_side::write, name), data_(data) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::string_view data_;
};

/// send until all of it is sent, one operation after the other, so that other tasks have their turn
/// however fast the other side reads. `name` is that of the whole, in errors. The bytes live until
/// then.
coro<void> send_all(fd_ref to, std::string_view data, const char* name);

/// Gives a descriptor.
class accept_operation final : public io_operation {
public:
    explicit accept_operation(fd_state& on) noexcept : io_operation(on, io_side::read, "accept") {}
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
    connect_operation(fd_state& on, const sys::socket_address& to) noexcept
        : io_operation(on, io_side::write, "connect"), to_(&to) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    const sys::socket_address* to_;
};

}  // namespace rondo::detail
