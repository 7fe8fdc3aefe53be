// SPDX-License-Identifier: MIT
#pragma once

#include "io/stream_core.hpp"
#include <rondo/io/transport.hpp>

#include <exception>

namespace rondo::detail {

/// A stream as the transport of another one: what it has read and not given comes first, what it
/// has written and not sent leaves first.
class stream_transport final : public transport {
public:
    explicit stream_transport(stream_ref of) noexcept : stream_(std::move(of)) {}
    ~stream_transport() override;

    std::optional<std::size_t> try_read(std::span<char> to) override;
    std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) override;
    bool try_write_eof() override;
    void wait(side which, transport_waiter& who) noexcept override;
    void stop_waiting(side which) noexcept override;
    void close() noexcept override { stream_->close(); }
    void abort() noexcept override { stream_->abort(); }
    transport_info info() const override { return stream_->info(); }

    static io_waiter& as_io_waiter(transport_waiter& who) noexcept { return who; }

private:
    void tell_failure();

    stream_ref stream_;
    std::exception_ptr failure_;  // why it could not wait
};

}  // namespace rondo::detail
