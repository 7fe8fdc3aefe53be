// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/inner_await.hpp>
#include <rondo/io/detail/io_operation.hpp>
#include <rondo/io/detail/turn.hpp>

#include <coroutine>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rondo::detail {

class stream_core;

// A server has one of these under way for each of its connections, at every message. So they are
// awaiters in the frame of the handler, and no coroutines with frames of their own.

/// Keeps the state of a stream, which may be moved, or go, meanwhile. The first of an awaiter's
/// bases, so that the others leave the lists of the stream before it goes.
class stream_keeper {
protected:
    explicit stream_keeper(const core_ref<stream_core>& s) noexcept;
    stream_keeper(stream_keeper&& other) noexcept;
    ~stream_keeper();

    core_ref<stream_core> stream_;
};

/// What all reads have in common: the buffer has what is wanted, or the end has come, or they
/// receive until one of that is so. What they have received and not given is in the buffer, so that
/// a cancellation loses nothing.
class stream_read : private stream_keeper, public batched_input {
public:
    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;

protected:
    /// `much`: so much is wanted that others should have their turn meanwhile.
    stream_read(const core_ref<stream_core>& from, const char* name, bool much = false) noexcept;
    stream_read(stream_read&&) noexcept = default;
    ~stream_read() = default;

    /// Whether the buffer has what is wanted.
    virtual bool is_served() noexcept = 0;
    /// For await_resume(): throws what it ended by. Whether what it brought is in the buffer.
    bool finish();

    // Into the buffer, unless a read has something better.
    std::ptrdiff_t attempt() noexcept override;
    std::span<char> room_at_edge(std::span<char> lent) noexcept override { return lent; }
    std::ptrdiff_t keep(std::span<char> room, std::ptrdiff_t got) noexcept override;
    bool expects_little() const noexcept final;

    using stream_keeper::stream_;

private:
    coro<void> in_steps();
    std::ptrdiff_t go_on(std::ptrdiff_t got) noexcept;

    bool much_;
    bool at_once_ = false;
    box<inner_await<void>> steps_;
};

/// Up to n bytes, received straight into the string that it gives; of negative n all.
class read_awaiter final : public stream_read {
public:
    read_awaiter(const core_ref<stream_core>& from, std::ptrdiff_t n) noexcept;
    std::string await_resume();

private:
    bool is_served() noexcept override;
    std::ptrdiff_t attempt() noexcept override;
    std::span<char> room_at_edge(std::span<char> lent) noexcept override;
    std::ptrdiff_t keep(std::span<char> room, std::ptrdiff_t got) noexcept override;

    std::ptrdiff_t n_;
    std::string read_;
};

class read_into_awaiter final : public stream_read {
public:
    read_into_awaiter(const core_ref<stream_core>& from, std::span<char> to) noexcept;
    std::size_t await_resume();

private:
    bool is_served() noexcept override;
    std::ptrdiff_t attempt() noexcept override;
    std::span<char> room_at_edge(std::span<char> /*lent*/) noexcept override { return to_; }
    std::ptrdiff_t keep(std::span<char> room, std::ptrdiff_t got) noexcept override;

    std::span<char> to_;
    std::size_t read_ = 0;
};

/// Until so many bytes are buffered.
class fill_awaiter : public stream_read {
public:
    fill_awaiter(const core_ref<stream_core>& of, std::size_t n, const char* name) noexcept;
    bool await_resume();

protected:
    bool is_served() noexcept override;

    std::size_t n_;
};

class readexactly_awaiter final : public fill_awaiter {
public:
    readexactly_awaiter(const core_ref<stream_core>& from, std::size_t n) noexcept;
    std::string await_resume();
};

/// Up to the separator that ends first. Each byte is looked at once.
class readuntil_awaiter final : public stream_read {
public:
    readuntil_awaiter(const core_ref<stream_core>& from, std::string separator);
    readuntil_awaiter(const core_ref<stream_core>& from, std::vector<std::string> separators);
    std::string await_resume();

private:
    bool is_served() noexcept override;
    bool find() noexcept;
    bool find_first_of_several() noexcept;

    std::size_t begin_ = 0;  // of the separator, or, where none was found, before which none begins
    std::size_t end_ = 0;    // 0 until one was found
    std::size_t longest_;
    std::string separator_;  // or the first bytes of several
    std::vector<std::string> several_;
};

class readline_awaiter final : public stream_read {
public:
    explicit readline_awaiter(const core_ref<stream_core>& from) noexcept;
    std::string await_resume();

private:
    bool is_served() noexcept override;

    std::size_t looked_at_ = 0;  // so many bytes have no newline
    bool found_ = false;         // the next one is one
};

class drain_awaiter final : private stream_keeper, public turn<stream_core> {
public:
    explicit drain_awaiter(const core_ref<stream_core>& of) noexcept;

    bool await_ready();
    void await_resume() const;
};

}  // namespace rondo::detail
