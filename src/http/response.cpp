// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include "http/percent.hpp"
#include <rondo/http/response.hpp>

namespace rondo::http {

response::response(std::string text, int status, std::string_view media_type)
    : status_code(status), body(std::move(text)) {
    headers.add("content-type", media_type);
}

void response::set_cookie(std::string_view name, std::string_view value,
                          const cookie_options& options) {
    headers.add("set-cookie", detail::cookie_text(name, value, options));
}

void response::delete_cookie(std::string_view name, const cookie_options& options) {
    cookie_options gone = options;
    gone.max_age = std::chrono::seconds(0);
    gone.expires = std::chrono::sys_seconds();
    set_cookie(name, "", gone);
}

response html(std::string body, int status) {
    return response(std::move(body), status, "text/html; charset=utf-8");
}

response text(std::string body, int status) { return response(std::move(body), status); }

response redirect(std::string_view url, int status) {
    std::string encoded;
    detail::percent_encode_url(url, encoded);
    response made;
    made.status_code = status;
    made.headers.add("location", encoded);
    return made;
}

namespace detail {

coro<void> body_stream::prepare(request&, response&) { co_return; }

void response_parts::clear(response& r) noexcept {
    r.status_code = 200;
    r.headers.clear();
    empty_for_reuse(r.body);
    r.stream_ = nullptr;
    r.after_ = nullptr;
}

response stream_response(box<body_stream> stream, std::string_view media_type, int status) {
    response made("", status, media_type);
    response_parts::stream(made) = std::move(stream);
    return made;
}

}  // namespace detail
}  // namespace rondo::http
