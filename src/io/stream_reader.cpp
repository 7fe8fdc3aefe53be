// SPDX-License-Identifier: MIT
#include "io/stream_calls.hpp"
#include "io/stream_core.hpp"
#include <rondo/io/stream_reader.hpp>

#include <utility>

namespace rondo {

stream_reader::stream_reader(int fd, std::size_t limit)
    : core_(detail::pipe_stream(fd, limit, "stream_reader")) {}

stream_reader::stream_reader(detail::core_ref<detail::stream_core> core) noexcept
    : core_(std::move(core)) {}

stream_reader::stream_reader(stream_reader&& other) noexcept = default;

stream_reader& stream_reader::operator=(stream_reader&& other) noexcept {
    if (this != &other) {
        close();
        core_ = std::move(other.core_);
    }
    return *this;
}

stream_reader::~stream_reader() { close(); }

void stream_reader::close() noexcept {
    if (core_) {
        core_->close_half(detail::io_side::read);
    }
}

bool stream_reader::is_closed() const noexcept {
    return !core_ || core_->half_closed(detail::io_side::read);
}
bool stream_reader::at_eof() const noexcept {
    return !core_ || (core_->at_end() && core_->kept().empty());
}
int stream_reader::fileno() const noexcept { return is_closed() ? -1 : core_->fd()->fd(); }

std::string_view stream_reader::buffered() const noexcept { return detail::buffered_of(core_); }
void stream_reader::consume(std::size_t n) { detail::consume(core_, n); }

coro<std::string> stream_reader::readexactly(std::size_t n) {
    return detail::read_exactly(detail::check_not_moved(core_, "readexactly"), n);
}
coro<std::string> stream_reader::readuntil(std::string separator) {
    std::vector<std::string> one;
    one.push_back(std::move(separator));
    return detail::read_until(detail::check_not_moved(core_, "readuntil"), std::move(one));
}
coro<std::string> stream_reader::readuntil(std::vector<std::string> separators) {
    return detail::read_until(detail::check_not_moved(core_, "readuntil"), std::move(separators));
}
coro<std::string> stream_reader::readline() {
    return detail::read_line(detail::check_not_moved(core_, "readline"));
}

}  // namespace rondo
