// SPDX-License-Identifier: MIT
#include "sys/ring_file.hpp"

#include "sys/door.hpp"
#include "sys/open_flags.hpp"

#include <algorithm>
#include <cerrno>

#include <linux/io_uring.h>
#include <sys/stat.h>

namespace rondo::sys {

namespace {

static_assert(sizeof(ring_status) == sizeof(struct statx));

/// As an offset: wherever the descriptor is.
constexpr std::int64_t current_position = -1;

std::uint64_t address_of(const void* memory) noexcept {
    return reinterpret_cast<std::uintptr_t>(memory);
}

/// How many of so many bytes may be asked for; -errno when none.
std::ptrdiff_t pass(call what, std::size_t bytes = 0) noexcept {
    return repeated([&] { return admitted(what, bytes); });
}

void fill(ring_request& to, std::uint8_t operation, int fd) noexcept {
    to = {};
    to.operation = operation;
    to.fd = fd;
}

void fill_transfer(ring_request& to, std::uint8_t operation, int fd, const void* memory,
                   std::size_t size, std::int64_t offset) noexcept {
    fill(to, operation, fd);
    to.flags = size >= copied_elsewhere ? IOSQE_ASYNC : 0;
    to.address = address_of(memory);
    to.length = static_cast<std::uint32_t>(size);
    to.offset = static_cast<std::uint64_t>(offset);
}

}  // namespace

int request_open(const char* path, open_how how, ring_request& to) noexcept {
    fill(to, IORING_OP_OPENAT, AT_FDCWD);
    // Here and now the kernel would open a FIFO without waiting for its other end, or fail (ENXIO).
    to.flags = IOSQE_ASYNC;
    to.address = address_of(path);
    to.length = for_everybody;
    to.options = static_cast<std::uint32_t>(open_flags(how));
    return static_cast<int>(pass(call::open));
}

int request_close(int fd, ring_request& to) noexcept {
    fill(to, IORING_OP_CLOSE, fd);
    return static_cast<int>(pass(call::close));
}

int request_read(int fd, void* memory, std::size_t most, std::int64_t offset,
                 ring_request& to) noexcept {
    if (offset < 0) {
        return -EINVAL;
    }
    const std::ptrdiff_t size = pass(call::pread, std::min(most, most_of_request));
    fill_transfer(to, IORING_OP_READ, fd, memory, static_cast<std::size_t>(size), offset);
    return size < 0 ? static_cast<int>(size) : 0;
}

int request_write(int fd, const void* memory, std::size_t size, std::optional<std::int64_t> offset,
                  ring_request& to) noexcept {
    if (offset && *offset < 0) {
        return -EINVAL;
    }
    const std::ptrdiff_t most =
        pass(offset ? call::pwrite : call::write, std::min(size, most_of_request));
    fill_transfer(to, IORING_OP_WRITE, fd, memory, static_cast<std::size_t>(most),
                  offset.value_or(current_position));
    return most < 0 ? static_cast<int>(most) : 0;
}

int request_sync(int fd, ring_request& to) noexcept {
    fill(to, IORING_OP_FSYNC, fd);
    return static_cast<int>(pass(call::fsync));
}

int request_describe(int fd, ring_status& status, ring_request& to) noexcept {
    fill(to, IORING_OP_STATX, fd);
    to.address = address_of("");
    to.length = STATX_TYPE | STATX_SIZE;
    to.offset = address_of(&status);
    to.options = AT_EMPTY_PATH;
    return static_cast<int>(pass(call::fstat));
}

std::int64_t size_in(const ring_status& status) noexcept {
    const auto& about = reinterpret_cast<const struct statx&>(status);
    return S_ISREG(about.stx_mode) ? static_cast<std::int64_t>(about.stx_size) : 0;
}

}  // namespace rondo::sys
