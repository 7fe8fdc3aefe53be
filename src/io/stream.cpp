// SPDX-License-Identifier: MIT
#include "io/stream_calls.hpp"
#include "io/stream_core.hpp"
#include "io/stream_transport.hpp"
#include "io/transport_state.hpp"
#include <rondo/base/detail/assert.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/io/stream_upgrade.hpp>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace rondo {

using detail::stream_ref;

namespace {

address address_of(const stream_ref& s, address transport_info::* known,
                   int (*get)(int, sys::socket_address&) noexcept) {
    if (!s || s->closing() || s->closed() || s->fd()->is_transport()) {
        return s ? s->info().*known : address();
    }
    sys::socket_address raw;
    get(s->fd()->fd(), raw);
    return address(raw);
}

/// Throws when it is closed: another descriptor may have the number, or will soon.
int open_fd(const stream_ref& s, const char* operation) {
    if (detail::check_not_moved(s, operation)->closing() || s->closed()) {
        detail::throw_io_error(-EBADF, operation);
    }
    const int fd = s->fd()->is_transport() ? s->info().fileno : s->fd()->fd();
    if (fd < 0) {
        detail::throw_io_error(-ENOTSOCK, operation);  // a transport that is none
    }
    return fd;
}

/// Unlike an assignment it does not close what the stream stood on: the layer stands on that now.
void replace_core(stream& s, const stream_ref& core) { const_cast<stream_ref&>(s.core()) = core; }

/// The stream keeps the plain connection meanwhile: when it goes, that closes, and the handshake
/// fails. So it is still there while the connection is not closing.
coro<void> upgrade(stream& s, stream_ref core, stream_upgrade& by) {
    try {
        auto shaking = by.shake_hands(stream(core));
        box<transport> over = co_await shaking;
        if (core->closing()) {
            detail::throw_io_error(-EBADF, "start_tls");
        }
        stream made(std::move(over), core->limit());
        made.core()->fd()->watch();  // it belongs to this loop already, by what it stands on
        replace_core(s, made.core());
        replace_core(made, {});
    } catch (...) {
        core->abort();
        throw;
    }
}

}  // namespace

stream::stream(stream_ref core) noexcept : core_(std::move(core)) {}
stream::stream(box<transport> over, std::size_t limit)
    : core_(stream_ref::adopt(*new detail::stream_core(
          detail::fd_ref::adopt(*new detail::transport_state(std::move(over))), limit))) {}
stream::stream(stream&& other) noexcept = default;

stream& stream::operator=(stream&& other) noexcept {
    if (this != &other) {
        close();
        core_ = std::move(other.core_);
    }
    return *this;
}

stream::~stream() { close(); }

// ---- reading

detail::readexactly_awaiter stream::readexactly(std::size_t n) {
    return detail::readexactly_awaiter(detail::check_not_moved(core_, "readexactly"), n);
}
detail::readuntil_awaiter stream::readuntil(std::string separator) {
    return detail::readuntil_awaiter(detail::check_not_moved(core_, "readuntil"),
                                     std::move(separator));
}
detail::readuntil_awaiter stream::readuntil(std::vector<std::string> separators) {
    return detail::readuntil_awaiter(detail::check_not_moved(core_, "readuntil"),
                                     std::move(separators));
}
detail::readline_awaiter stream::readline() {
    return detail::readline_awaiter(detail::check_not_moved(core_, "readline"));
}
detail::fill_awaiter stream::fill(std::size_t at_least) {
    return detail::fill_awaiter(detail::check_not_moved(core_, "fill"), at_least, "fill");
}
bool stream::at_eof() const noexcept {
    return !core_ || (core_->at_end() && core_->kept().empty());
}

std::string_view stream::buffered() const noexcept { return detail::buffered_of(core_); }
void stream::consume(std::size_t n) { detail::consume(core_, n); }

// ---- writing

void stream::write(std::string_view data) {
    RONDO_DEBUG_ASSERT(core_, "stream::write: the stream was moved from");
    core_->write(data);
}

void stream::write(std::string&& data) {
    RONDO_DEBUG_ASSERT(core_, "stream::write: the stream was moved from");
    core_->write(std::move(data));
}

void stream::write(std::span<const std::string_view> pieces) {
    RONDO_DEBUG_ASSERT(core_, "stream::write: the stream was moved from");
    core_->write(pieces);
}

void stream::writelines(std::span<const std::string> lines) {
    std::string all;
    for (const std::string& line : lines) {
        all += line;
    }
    detail::check_not_moved(core_, "writelines")->write(all);
}

void stream::write_eof() { detail::check_not_moved(core_, "write_eof")->write_end(); }
std::size_t stream::write_buffer_size() const noexcept { return core_ ? core_->unsent() : 0; }

// ---- the end

void stream::close() noexcept {
    if (core_) {
        core_->close();
    }
}
void stream::abort() noexcept {
    if (core_) {
        core_->abort();
    }
}
bool stream::is_closing() const noexcept { return !core_ || core_->closing(); }
coro<void> stream::wait_closed() {
    return detail::wait_until_closed(detail::check_not_moved(core_, "wait_closed"));
}

std::pair<stream_reader, stream_writer> stream::split() && {
    const stream_ref core = std::exchange(core_, {});
    detail::check_not_moved(core, "split")->split();
    return {stream_reader(core), stream_writer(core)};
}

box<transport> stream::detach() && {
    detail::check_not_moved(core_, "detach")->check_may_detach();
    return make_box<detail::stream_transport>(std::exchange(core_, {}));
}

coro<void> stream::start_tls(stream_upgrade& by) {
    return upgrade(*this, detail::check_not_moved(core_, "start_tls"), by);
}

void stream::set_option(socket_option option, int value) {
    detail::check_io(sys::set_option(open_fd(core_, "set_option"), option, value), "set_option");
}

int stream::get_option(socket_option option) const {
    int value = 0;
    detail::check_io(sys::get_option(open_fd(core_, "get_option"), option, value), "get_option");
    return value;
}

transport_info stream::info() const { return core_ ? core_->info() : transport_info(); }
address stream::peername() const {
    return address_of(core_, &transport_info::peername, sys::getpeername);
}
address stream::sockname() const {
    return address_of(core_, &transport_info::sockname, sys::getsockname);
}

std::string stream::get_extra_info(std::string_view name) const {
    if (name == "peername" || name == "sockname") {
        return (name == "peername" ? peername() : sockname()).to_string();
    }
    transport_info known = info();
    if (name == "alpn" || name == "cipher" || name == "peercert") {
        return name == "alpn"     ? known.alpn
               : name == "cipher" ? known.cipher
                                  : known.peer_certificate;
    }
    for (auto& [key, value] : known.more) {
        if (key == name) {
            return std::move(value);
        }
    }
    return {};
}

}  // namespace rondo
