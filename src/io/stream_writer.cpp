// SPDX-License-Identifier: MIT
#include "io/stream_calls.hpp"
#include "io/stream_core.hpp"
#include <rondo/base/detail/assert.hpp>
#include <rondo/io/stream_writer.hpp>

#include <utility>

namespace rondo {

stream_writer::stream_writer(int fd) : core_(detail::pipe_stream(fd, 0, "stream_writer")) {}

stream_writer::stream_writer(detail::core_ref<detail::stream_core> core) noexcept
    : core_(std::move(core)) {}

stream_writer::stream_writer(stream_writer&& other) noexcept = default;

stream_writer& stream_writer::operator=(stream_writer&& other) noexcept {
    if (this != &other) {
        close();
        core_ = std::move(other.core_);
    }
    return *this;
}

stream_writer::~stream_writer() { close(); }

void stream_writer::write(std::string_view data) {
    RONDO_DEBUG_ASSERT(core_, "stream_writer::write: the writer was moved from");
    core_->write(data);
}

void stream_writer::write(std::string&& data) {
    RONDO_DEBUG_ASSERT(core_, "stream_writer::write: the writer was moved from");
    core_->write(std::move(data));
}

void stream_writer::write(std::span<const std::string_view> pieces) {
    RONDO_DEBUG_ASSERT(core_, "stream_writer::write: the writer was moved from");
    core_->write(pieces);
}

void stream_writer::writelines(std::span<const std::string> lines) {
    std::string all;
    for (const std::string& line : lines) {
        all += line;
    }
    detail::check_not_moved(core_, "writelines")->write(all);
}

void stream_writer::write_eof() { detail::check_not_moved(core_, "write_eof")->write_end(); }

void stream_writer::close() noexcept {
    if (core_) {
        core_->close_half(detail::io_side::write);
    }
}

void stream_writer::abort() noexcept {
    if (core_) {
        core_->abort();
    }
}

coro<void> stream_writer::wait_closed() {
    return detail::wait_until_closed(detail::check_not_moved(core_, "wait_closed"));
}

bool stream_writer::is_closing() const noexcept {
    return !core_ || core_->closing() || core_->half_closed(detail::io_side::write);
}
std::size_t stream_writer::write_buffer_size() const noexcept {
    return core_ ? core_->unsent() : 0;
}
int stream_writer::fileno() const noexcept {
    return !core_ || core_->closed() ? -1 : core_->fd()->fd();
}

}  // namespace rondo
