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
#include <utility>

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

/// What reads of up to so many bytes have in common: either they bring what was read before, or
/// they are one input, or, where more is to be done, a coroutine.
template <class T>
class stream_read : private stream_keeper, public batched_input {
public:
    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    T await_resume();

protected:
    /// Of n bytes; negative: all until the end.
    stream_read(const core_ref<stream_core>& from, std::ptrdiff_t n) noexcept;
    stream_read(stream_read&&) noexcept = default;
    ~stream_read() = default;

    /// Takes what was read before, if there is something.
    virtual void take_kept() = 0;
    virtual coro<T> in_steps() = 0;
    bool expects_little() const noexcept final;

    using stream_keeper::stream_;
    std::ptrdiff_t n_;
    T read_{};

private:
    enum class way : unsigned char { at_once, input, in_steps };

    way way_ = way::at_once;
    box<inner_await<T>> steps_;
};

class read_awaiter final : public stream_read<std::string> {
public:
    read_awaiter(const core_ref<stream_core>& from, std::ptrdiff_t n) noexcept;

private:
    std::ptrdiff_t attempt() noexcept override;
    std::span<char> room_at_edge(std::span<char> lent) noexcept override;
    std::ptrdiff_t keep(std::span<char> room, std::ptrdiff_t got) noexcept override;
    void take_kept() override;
    coro<std::string> in_steps() override;
};

class read_into_awaiter final : public stream_read<std::size_t> {
public:
    read_into_awaiter(const core_ref<stream_core>& from, std::span<char> to) noexcept;

private:
    std::ptrdiff_t attempt() noexcept override;
    std::span<char> room_at_edge(std::span<char> /*lent*/) noexcept override { return to_; }
    std::ptrdiff_t keep(std::span<char> room, std::ptrdiff_t got) noexcept override;
    void take_kept() override;
    coro<std::size_t> in_steps() override;

    std::span<char> to_;
};

/// What reads into the buffer of the stream until it has what is wanted, or the end has come, have
/// in common: no memory of their own, and nothing that a cancellation could lose.
class buffered_read : private stream_keeper, public batched_input {
public:
    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;

protected:
    explicit buffered_read(const core_ref<stream_core>& from, const char* name) noexcept;
    buffered_read(buffered_read&&) noexcept = default;
    ~buffered_read() = default;

    /// Whether the buffer has what is wanted.
    virtual bool has_enough() noexcept = 0;
    /// Whether so much is wanted that others should have their turn meanwhile.
    virtual bool wants_much() const noexcept { return false; }
    /// To be called by await_resume(). Throws what the read ended by.
    void finish();

    using stream_keeper::stream_;

private:
    std::ptrdiff_t attempt() noexcept final;
    bool expects_little() const noexcept final;
    std::span<char> room_at_edge(std::span<char> lent) noexcept final { return lent; }
    std::ptrdiff_t keep(std::span<char> room, std::ptrdiff_t got) noexcept final;
    coro<void> in_steps();
    std::ptrdiff_t go_on(std::ptrdiff_t got) noexcept;

    bool at_once_ = false;
    box<inner_await<void>> steps_;  // through a layer, or where much is wanted
};

class fill_awaiter final : public buffered_read {
public:
    fill_awaiter(const core_ref<stream_core>& of, std::size_t at_least) noexcept;

    bool await_resume();

private:
    bool has_enough() noexcept override;
    bool wants_much() const noexcept override;

    std::size_t at_least_;
};

class drain_awaiter final : private stream_keeper, public turn<stream_core> {
public:
    explicit drain_awaiter(const core_ref<stream_core>& of) noexcept;

    bool await_ready();
    void await_resume() const;
};

}  // namespace rondo::detail
