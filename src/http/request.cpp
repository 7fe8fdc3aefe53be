// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include "http/request_state.hpp"
#include <rondo/http/request.hpp>

#include <stdexcept>
#include <utility>

namespace rondo::http {

coro<std::optional<std::string_view>> body_reader::next() { return state_->next_piece(); }

request::request(box<detail::request_state> state) noexcept : state_(std::move(state)) {}
request::request(request&& other) noexcept = default;
request& request::operator=(request&& other) noexcept = default;
request::~request() = default;

std::string_view request::method() const noexcept { return state_->method; }
std::string_view request::target() const noexcept { return state_->target; }
std::string_view request::path() const { return state_->path(); }
std::string_view request::raw_path() const noexcept { return state_->raw_path(); }
std::string_view request::query_string() const noexcept { return state_->query_string(); }
const multi_dict& request::query_params() const { return state_->query_params(); }
const multi_dict& request::path_params() const { return state_->path_params(); }
const http::headers& request::headers() const noexcept { return state_->headers; }
const multi_dict& request::cookies() const { return state_->cookies(); }
const address& request::client() const noexcept { return state_->client; }
std::string_view request::scheme() const noexcept { return state_->scheme; }

std::string_view request::http_version() const noexcept {
    return state_->minor_version == 0 ? "1.0" : "1.1";
}

std::string request::url() const {
    std::string made(scheme());
    made += "://";
    made += headers().get("host").value_or("localhost");
    if (target() != "*") {
        made += target();
    }
    return made;
}

coro<std::string_view> request::body() { return state_->whole_body(); }

coro<bool> request::is_disconnected() {
    if (state_->source == nullptr) {
        co_return false;
    }
    co_return co_await state_->source->is_disconnected();
}

namespace detail {

request make_request(std::string_view method, std::string_view target, http::headers headers,
                     std::string body, const address& client) {
    if (!is_token(method)) {
        throw std::invalid_argument("http: a method is a word: " + std::string(method));
    }
    if (!is_origin_form(target) && target != "*") {
        throw std::invalid_argument("http: a target begins with \"/\" and has no spaces: " +
                                    std::string(target));
    }
    auto state = make_box<request_state>();
    state->method.assign(method);
    state->set_target(target);
    state->headers = std::move(headers);
    state->body = std::move(body);
    state->client = client;
    return request(std::move(state));
}

}  // namespace detail
void* request::state(const void* key, const detail::state_type& type) {
    auto& all = state_->attachments;
    for (const auto& one : all) {
        if (one.key == key) {
            return one.object;
        }
    }
    all.reserve(all.size() + 1);  // nothing fails once the object is made
    all.push_back({key, type.make(), type.destroy});
    return all.back().object;
}

}  // namespace rondo::http
