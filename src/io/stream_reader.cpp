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

detail::readexactly_awaiter stream_reader::readexactly(std::size_t n) {
    return detail::readexactly_awaiter(detail::check_not_moved(core_, "readexactly"), n);
}
detail::readuntil_awaiter stream_reader::readuntil(std::string separator) {
    return detail::readuntil_awaiter(detail::check_not_moved(core_, "readuntil"),
                                     std::move(separator));
}
detail::readuntil_awaiter stream_reader::readuntil(std::vector<std::string> separators) {
    return detail::readuntil_awaiter(detail::check_not_moved(core_, "readuntil"),
                                     std::move(separators));
}
detail::readline_awaiter stream_reader::readline() {
    return detail::readline_awaiter(detail::check_not_moved(core_, "readline"));
}
detail::fill_awaiter stream_reader::fill(std::size_t at_least) {
    return detail::fill_awaiter(detail::check_not_moved(core_, "fill"), at_least, "fill");
}

}  // namespace rondo
