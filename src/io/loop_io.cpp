// SPDX-License-Identifier: MIT
#include "io/loop_io.hpp"

#include "sys/process.hpp"

#include <cerrno>
#include <stdexcept>
#include <string>

namespace rondo::detail {

/// The state of a descriptor that belongs to the user; it ends with its last use.
class loop_io::borrowed final : public fd_state {
public:
    borrowed(int fd, loop_core& in) noexcept
        : fd_state(fd, ownership::borrowed), in_(&in), in_serial_(in.serial()) {}

private:
    ~borrowed() {
        if (const with_live_loop alive(in_, in_serial_); alive) {
            loop_io* const io = find(*in_);
            if (io != nullptr && io->borrowed_[static_cast<std::size_t>(fd())] == this) {
                io->borrowed_[static_cast<std::size_t>(fd())] = nullptr;
            }
        }
    }
    loop_core* in_;
    std::uint64_t in_serial_;
};

loop_io::loop_io(event_loop& loop) noexcept : receives_(core_of(loop)), sends_(core_of(loop)) {}

fd_ref loop_io::borrow(int fd) {
    if (fd < 0) {
        throw std::invalid_argument("sock_*: " + std::to_string(fd) + " is no file descriptor");
    }
    const auto index = static_cast<std::size_t>(fd);
    if (borrowed_.size() <= index) {
        constexpr std::size_t far = 1024;
        if (index > borrowed_.size() + far && !sys::is_open(fd)) {
            throw_io_error(-EBADF, "sock_*");  // rather than a table up to there
        }
        borrowed_.resize(index + 1);
    }
    loop_core& loop = running_core("sock_*");
    // Whoever waits for what had the number before, and was closed, waits in vain.
    if (borrowed_[index] != nullptr && !loop.io().has_lost(*borrowed_[index])) {
        return fd_ref::share(*borrowed_[index]);
    }
    auto* made = new borrowed(fd, loop);
    borrowed_[index] = made;
    return fd_ref::adopt(*made);
}

void loop_io::end_lingering() noexcept {
    for (activity* a = activities_.front(); a != nullptr;) {
        activity* const next = activities_.after(*a);
        a->end_early();
        a = next;
    }
}

void loop_io::close() noexcept {
    while (activity* a = activities_.pop_front()) {
        a->loop_closes();
    }
}

}  // namespace rondo::detail
