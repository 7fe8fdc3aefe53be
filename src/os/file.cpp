// SPDX-License-Identifier: MIT
#include "os/file_core.hpp"
#include "os/file_work.hpp"
#include <rondo/core/with.hpp>
#include <rondo/io/detail/turn.hpp>
#include <rondo/os/file.hpp>

#include <cerrno>
#include <limits>
#include <stdexcept>
#include <utility>

namespace rondo {

using detail::file_core;
using detail::file_ref;
namespace file_work = detail::file_work;

namespace {

// The coroutines own the state, so that the file may be moved, or go, meanwhile; not by a
// parameter, which would live as long as the task that ran them. What was read is put behind what
// was read ahead, and only then taken: so a cancellation in between loses nothing.

/// What readline reads at once: going to a thread and back costs as much as reading this.
constexpr std::size_t slice = 64 * 1024;

constexpr std::int64_t last_position = std::numeric_limits<std::int64_t>::max();

/// Reads on, up to `most` bytes; whether something came.
coro<bool> read_ahead(file_ref f, std::size_t most) {
    auto reading = file_work::read(f->to_read("read"), f->end_of_ahead(), most);
    const file_work::bytes_read result = co_await reading;
    if (f->ahead().empty()) {
        f->check(result.error, "read");
    }
    f->ahead().tail() += result.bytes;
    co_return !result.bytes.empty();
}

coro<std::string> read_some(file_ref of, std::size_t n) {
    const file_ref f = std::move(of);
    const auto turn = co_await f->turn().scoped();
    f->to_read("read");
    if (n > f->ahead().size() && (f->is_seekable() || f->ahead().empty())) {
        co_await read_ahead(f, n - f->ahead().size());
    }
    co_return f->take(n);
}

coro<std::string> read_all(file_ref of) {
    const file_ref f = std::move(of);
    const auto turn = co_await f->turn().scoped();
    co_await read_ahead(f, file_work::all);
    co_return f->take(f->ahead().size());
}

coro<std::string> read_line(file_ref of) {
    const file_ref f = std::move(of);
    const auto turn = co_await f->turn().scoped();
    f->to_read("readline");
    std::size_t searched = 0;
    for (;;) {
        const std::size_t end = f->ahead().kept().find('\n', searched);
        if (end != std::string::npos) {
            co_return f->take(end + 1);
        }
        searched = f->ahead().size();
        const bool more = co_await read_ahead(f, slice);
        if (!more) {
            co_return f->take(searched);
        }
    }
}

coro<void> write_all(file_ref of, std::string data) {
    const file_ref f = std::move(of);
    const auto turn = co_await f->turn().scoped();
    auto writing = file_work::write(f->to_write("write"), f->place_to_write(), std::move(data));
    const file_work::bytes_written result = co_await writing;
    f->wrote(result);
    f->check(result.error, "write");
}

coro<std::int64_t> move_position(file_ref of, std::int64_t offset, seek_from from) {
    const file_ref f = std::move(of);
    const auto turn = co_await f->turn().scoped();
    const auto& fd = f->to_use("seek");
    if (!f->is_seekable()) {
        f->fail(-ESPIPE, "seek");
    }
    std::int64_t base = from == seek_from::current ? f->position() : 0;
    if (from == seek_from::end) {
        auto looking = file_work::size(fd);
        base = f->check(co_await looking, "seek");
    }
    if (offset < -base || offset > last_position - base) {
        f->fail(-EINVAL, "seek",
                ": there is no position " + std::to_string(base) + " + " + std::to_string(offset));
    }
    f->move_to(base + offset);
    co_return f->position();
}

coro<void> cut(file_ref of, std::optional<std::int64_t> size) {
    const file_ref f = std::move(of);
    const auto turn = co_await f->turn().scoped();
    auto cutting = file_work::truncate(f->to_write("truncate"), size.value_or(f->position()));
    const int result = co_await cutting;
    f->forget_ahead();
    f->check(result, "truncate");
}

coro<void> sync_all(file_ref of) {
    const file_ref f = std::move(of);
    const auto turn = co_await f->turn().scoped();
    auto syncing = file_work::sync(f->to_use("sync"));
    f->check(co_await syncing, "sync");
}

coro<void> close_file(file_ref of) {
    const file_ref f = std::move(of);
    if (!f) {
        co_return;  // it was moved from
    }
    const auto turn = co_await f->turn().scoped();
    detail::turn<file_core> idle(*f, f->closers(), file_core::has_side_writes, "close");
    co_await idle;
    const detail::shielded to_the_end;
    if (auto fd = f->close()) {
        auto closing = file_work::close(std::move(fd));
        f->check(co_await closing, "close");
    }
}

/// Throws where no file has so many bytes from there on: below zero, the offset might mean
/// something else to whoever carries it out, and above the largest position, it overflows.
void check_place(const file_core& f, const char* operation, std::int64_t offset, std::size_t n) {
    if (offset < 0 || n > static_cast<std::size_t>(last_position - offset)) {
        f.fail(-EINVAL, operation,
               ": no file has " + std::to_string(n) + " bytes at " + std::to_string(offset));
    }
}

coro<std::string> read_elsewhere(file_ref of, std::int64_t offset, std::size_t n) {
    const file_ref f = std::move(of);
    const auto& fd = f->to_read("read_at");
    const bool to_the_end = n > static_cast<std::size_t>(last_position);
    check_place(*f, "read_at", offset, to_the_end ? 0 : n);
    auto reading = file_work::read(
        fd, offset, to_the_end ? static_cast<std::size_t>(last_position - offset) : n);
    file_work::bytes_read result = co_await reading;
    f->check(result.error, "read_at");
    co_return std::move(result.bytes);
}

/// Throws where the kernel would open another file, since a path ends for it at a NUL byte.
void check_path(const char* operation, const std::string& path) {
    if (path.find('\0') != path.npos) {
        throw std::invalid_argument(std::string(operation) + ": the path '" + path +
                                    "' has a NUL byte inside");
    }
}

/// Counted from the call to the end of a write.
class side_write {
public:
    explicit side_write(file_core& f) noexcept : file_(f) { file_.side_write_begins(); }
    side_write(const side_write&) = delete;
    side_write& operator=(const side_write&) = delete;
    ~side_write() { file_.side_write_ends(); }

private:
    file_core& file_;
};

coro<void> write_elsewhere(file_ref of, std::int64_t offset, std::string data) {
    const file_ref f = std::move(of);
    const auto& fd = f->to_write("write_at");
    if (f->appends()) {
        f->fail(-EINVAL, "write_at", ": it was opened to append, so every write goes to its end");
    }
    check_place(*f, "write_at", offset, data.size());
    const side_write counted(*f);
    auto writing = file_work::write(fd, offset, std::move(data));
    const file_work::bytes_written result = co_await writing;
    f->check(result.error, "write_at");
}

}  // namespace

// ---- the file

file::file(detail::core_ref<detail::file_core> core) noexcept : core_(std::move(core)) {}
file::file(file&& other) noexcept = default;
file& file::operator=(file&& other) noexcept = default;
file::~file() = default;

coro<std::string> file::read(std::ptrdiff_t n) {
    return n < 0 ? read_all(check_not_moved(core_, "read"))
                 : read_some(check_not_moved(core_, "read"), static_cast<std::size_t>(n));
}
coro<std::string> file::readline() { return read_line(check_not_moved(core_, "readline")); }
coro<void> file::write(std::string data) {
    return write_all(check_not_moved(core_, "write"), std::move(data));
}
coro<std::int64_t> file::seek(std::int64_t offset, seek_from from) {
    return move_position(check_not_moved(core_, "seek"), offset, from);
}
coro<void> file::truncate(std::optional<std::int64_t> size) {
    return cut(check_not_moved(core_, "truncate"), size);
}
coro<void> file::sync() { return sync_all(check_not_moved(core_, "sync")); }
coro<void> file::close() { return close_file(core_); }

coro<std::string> file::read_at(std::int64_t offset, std::size_t n) {
    return read_elsewhere(check_not_moved(core_, "read_at"), offset, n);
}
coro<void> file::write_at(std::int64_t offset, std::string data) {
    return write_elsewhere(check_not_moved(core_, "write_at"), offset, std::move(data));
}

coro<bool> file::aexit(std::exception_ptr) {
    co_await close();
    co_return false;
}

std::int64_t file::tell() const {
    if (!check_not_moved(core_, "tell")->is_seekable()) {
        core_->fail(-ESPIPE, "tell");
    }
    return core_->position();
}
const std::string& file::path() const noexcept {
    static const auto* none = new std::string;  // outlives every static object
    return core_ ? core_->path() : *none;
}
bool file::is_closed() const noexcept { return fileno() < 0; }
int file::fileno() const noexcept { return core_ ? core_->fileno() : -1; }

coro<file> open_file(std::string path, std::string mode) {
    detail::file_mode parsed = detail::parse_mode(std::move(mode));
    check_path("open_file", path);
    auto opening = file_work::open(path, parsed.how);
    file_work::opened opened = co_await opening;
    const int error = opened.error == 0 && opened.about.is_directory ? -EISDIR : opened.error;
    const file_ref core =
        file_ref::adopt(*new file_core(std::move(opened), std::move(path), std::move(parsed)));
    core->check(error, "open");
    co_return file(core);
}

// ---- whole files

coro<std::string> read_file(std::string path) {
    check_path("read_file", path);
    auto reading = file_work::read_whole(std::move(path));
    co_return co_await reading;
}
coro<void> write_file(std::string path, std::string data) {
    check_path("write_file", path);
    auto writing = file_work::write_whole(std::move(path), std::move(data));
    co_await writing;
}

}  // namespace rondo
