// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/http/request.hpp>
#include <rondo/http/response.hpp>

#include <memory>

namespace rondo::http {

class app;
class static_files;

namespace detail {

/// What answers requests below a prefix of an application.
class mounted {
public:
    mounted() = default;
    mounted(const mounted&) = delete;
    mounted& operator=(const mounted&) = delete;
    virtual ~mounted() = default;

    /// Before the first request.
    virtual void begin() {}
    /// `asked` knows how much of its path is the prefix. Throws as application::handle.
    [[nodiscard]] virtual coro<void> handle(http::request& asked, http::response& answer) = 0;
};

/// With `falls_back` what is no file, and is asked for by a browser that wants a page, is
/// index.html.
std::unique_ptr<mounted> mount_files(static_files files, bool falls_back);
std::unique_ptr<mounted> mount_app(http::app&& other);

}  // namespace detail
}  // namespace rondo::http
