// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/io/address.hpp>
#include <rondo/io/detail/io_waiter.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo {

/// What is known of a connection. What does not apply is empty.
struct transport_info {
    address peername;
    address sockname;
    int fileno = -1;               // the descriptor below it all, which somebody else owns
    std::string alpn;              // what TLS agreed on, such as "h2"
    std::string cipher;            // such as "TLS_AES_128_GCM_SHA256"
    std::string peer_certificate;  // in PEM
    std::vector<std::pair<std::string, std::string>> more;  // anything else, by name
};

/// Who waits for a transport.
class transport_waiter : private detail::io_waiter {
public:
    /// What did not go may go now. It does not wait any more; it may, in here, wait again, or close
    /// the transport.
    virtual void ready() noexcept = 0;

protected:
    transport_waiter() = default;
    ~transport_waiter() = default;

private:
    friend class detail::stream_transport;

    bool try_again() noexcept final {
        ready();
        return true;
    }
    void turned_away() noexcept final { ready(); }
};

/// What a stream stands on: bytes in order, both ways, by functions that never wait. A descriptor
/// is one; derive from it for others, such as a pipe in memory. For what stands on a transport
/// itself, as TLS does, derive from layered_transport.
///
///     rondo::stream s(rondo::make_box<my_transport>());
///
/// Errors are thrown, those of the system as std::system_error, and end the connection: the read,
/// write or drain that met one throws it. Destroyed it is closed at once, and nothing of it is left
/// that calls a waiter. Threads: the loop's.
class transport {
public:
    using side = detail::io_side;  // read, write

    transport() = default;
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;
    virtual ~transport() = default;

    /// How many bytes it has put there, 0 at the end, none when there is nothing yet. `to` has room
    /// for at least one.
    virtual std::optional<std::size_t> try_read(std::span<char> to) = 0;
    /// How many bytes of those pieces, in order, it took; none when it takes nothing now. The next
    /// try begins with the bytes that were not taken. Together they have at least one.
    virtual std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) = 0;
    /// Nothing more comes: what was written leaves, and then the other side sees the end; TLS says
    /// farewell. False: not now; wait(side::write), and try again.
    virtual bool try_write_eof() = 0;

    /// Tells the waiter once, when that side may go on which did not go. At most one waits a side.
    virtual void wait(side which, transport_waiter& who) noexcept = 0;
    virtual void stop_waiting(side which) noexcept = 0;

    /// Nobody waits any more, and nothing is called any more but the destructor. What was written
    /// arrives.
    virtual void close() noexcept = 0;
    /// The same, and what has not left yet is dropped.
    virtual void abort() noexcept = 0;

    virtual transport_info info() const { return {}; }
};

/// A transport over another one, on which it passes everything. Override what is to be different:
/// for something like TLS try_read, try_write, try_write_eof and info().
class layered_transport : public transport {
public:
    explicit layered_transport(box<transport> inner) noexcept;
    ~layered_transport() override;

    std::optional<std::size_t> try_read(std::span<char> to) override {
        return inner_->try_read(to);
    }
    std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) override {
        return inner_->try_write(pieces);
    }
    bool try_write_eof() override { return inner_->try_write_eof(); }
    void wait(side which, transport_waiter& who) noexcept override;
    void stop_waiting(side which) noexcept override;
    void close() noexcept override;
    void abort() noexcept override;
    transport_info info() const override { return inner_->info(); }

protected:
    transport& inner() const noexcept { return *inner_; }
    /// For a try that did not go: what it waits for below. A read may have to write first, and the
    /// other way round. Until that is said again; at first a read waits to read.
    void wants(side outer, side inner) noexcept { wants_[index(outer)] = inner; }

private:
    class inner_waiter final : public transport_waiter {
    public:
        inner_waiter(layered_transport& of, side which) noexcept : of_(of), side_(which) {}
        void ready() noexcept override { of_.inner_ready(side_); }

    private:
        layered_transport& of_;
        side side_;
    };

    static std::size_t index(side s) noexcept { return static_cast<std::size_t>(s); }
    void inner_ready(side which) noexcept;

    transport_waiter* waiters_[2] = {};
    side wants_[2] = {side::read, side::write};
    inner_waiter reads_{*this, side::read};
    inner_waiter writes_{*this, side::write};
    bool* gone_ = nullptr;  // to be told when this goes while a waiter is told
    box<transport> inner_;  // the first to go
};

}  // namespace rondo
