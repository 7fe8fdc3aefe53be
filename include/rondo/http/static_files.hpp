// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/response.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace rondo::http {

class request;

struct file_options {
    /// Empty: by the ending of the path.
    std::string_view media_type = {};
    /// What a browser calls the file when it saves it; makes it an attachment.
    std::string_view filename = {};
    /// "attachment" or "inline"; empty: attachment if there is a filename.
    std::string_view content_disposition = {};
};
static_assert(std::is_trivially_destructible_v<file_options>);

/// An answer that is a file, opened when it is sent; 404 when there is none. Knows ranges, ETag,
/// Last-Modified and the conditions upon them; the kernel sends it without copying where it can.
///
///     app.get("/report", [] { return http::file("/srv/report.pdf", {.filename = "report.pdf"});
///     });
///
/// Throws invalid_argument for options that would break out of their header.
response file(std::string path, const file_options& options = {});

/// The files below a folder: Starlette's StaticFiles. A path of a folder is its index.html. Hidden
/// files (".git"), and all that lies outside of the folder, also by symbolic links, is 404; so is
/// what is no regular file. Where a file lies beside another one with ".br" or ".gz" behind its
/// name, clients that understand that encoding get it.
class static_files {
public:
    /// Throws system_error when there is no such folder.
    explicit static_files(std::string_view directory);

    /// The answer to GET or HEAD of a path below the folder, decoded and without a leading "/".
    response get(const request& asked, std::string_view path) const;
    const std::string& directory() const noexcept { return directory_; }

private:
    std::string directory_;  // the real path
};

}  // namespace rondo::http
