// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/http/headers.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::http {

namespace detail {
class spooled_file;
}

/// A file that a form has sent: FastAPI's UploadFile.
///
///     app.post("/photos", [](http::form<http::upload_file, "photo"> photo) -> coro<std::string> {
///         co_await photo.save("/srv/photos/" + id);
///         co_return photo.filename();
///     });
///
/// Up to 1 MiB it is in memory, a longer one in a file that has no name and goes with this object.
/// The names are the client's: never use one as a path. Moved, not copied; one that is default-made
/// or was moved from is empty. Threads: the loop's.
class upload_file {
public:
    upload_file() noexcept;
    explicit upload_file(box<detail::spooled_file> content) noexcept;
    upload_file(upload_file&& other) noexcept;
    upload_file& operator=(upload_file&& other) noexcept;
    ~upload_file();

    // ---- observers
    const std::string& filename() const noexcept;
    /// "image/png"; empty when the client has not said.
    std::string_view content_type() const noexcept;
    std::uint64_t size() const noexcept;
    /// Of its part of the form.
    const http::headers& headers() const noexcept;

    // ---- awaitables
    /// Returns: n bytes, or less at the end; all that is left when n is negative. Throws:
    /// system_error. Cancellation: nothing is lost. Fairness: yields to wait. Threads: the loop's.
    [[nodiscard]] coro<std::string> read(std::ptrdiff_t n = -1);
    /// Where the next read begins; the end when it is further.
    void seek(std::uint64_t offset) noexcept;
    /// Copies all of it into a file, which is made or replaced.
    /// Returns: nothing. Throws: system_error. Cancellation: a part may be there. Fairness: yields
    /// to wait. Threads: the loop's.
    [[nodiscard]] coro<void> save(std::string path) const;

private:
    box<detail::spooled_file> content_;
};

}  // namespace rondo::http
