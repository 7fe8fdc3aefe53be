// SPDX-License-Identifier: MIT
#include "http/request_state.hpp"

#include "http/cookies.hpp"
#include "http/percent.hpp"
#include <rondo/http/error.hpp>

#include <algorithm>

namespace rondo::http::detail {

void request_state::set_target(std::string_view path_and_query) {
    target.assign(path_and_query);
    set_path_size();
}

void request_state::set_path_size() noexcept {
    path_size = std::min(target.find('?'), target.size());
}

void request_state::detach_all() noexcept {
    while (!attachments.empty()) {
        const attached last = attachments.back();
        attachments.pop_back();
        last.destroy(last.object);
    }
}

void request_state::clear() noexcept {
    detach_all();
    mounted = 0;
    method.clear();
    target.clear();
    path_size = 0;
    minor_version = 1;
    headers.clear();
    source = nullptr;
    source_ended = false;
    empty_for_reuse(body);
    raw_path_params.clear();
    body_given_ = false;
    made_ = 0;
}

bool request_state::is_first(made what) noexcept {
    const bool first = (made_ & what) == 0;
    made_ |= what;
    return first;
}

std::string_view request_state::raw_path() const noexcept {
    return std::string_view(target).substr(0, path_size);
}

std::string_view request_state::query_string() const noexcept {
    return path_size < target.size() ? std::string_view(target).substr(path_size + 1)
                                     : std::string_view();
}

const std::string& request_state::path() {
    if (is_first(path_made)) {
        path_.clear();
        percent_decode(raw_path(), path_);
    }
    return path_;
}

const multi_dict& request_state::query_params() {
    if (is_first(query_made)) {
        query_params_.clear();
        if (!parse_form(query_string(), max_pairs, query_params_)) {
            made_ &= static_cast<std::uint8_t>(~query_made);
            throw error(400, "Too many query parameters");
        }
    }
    return query_params_;
}

const multi_dict& request_state::path_params() {
    if (is_first(params_made)) {
        path_params_.clear();
        for (const auto& [name, raw] : raw_path_params) {
            std::string value;
            percent_decode(raw, value);
            path_params_.add(std::string(name), std::move(value));
        }
    }
    return path_params_;
}

const multi_dict& request_state::cookies() {
    if (is_first(cookies_made)) {
        cookies_.clear();
        for (const auto& [name, value] : headers) {
            if (is_same_name(name, "cookie")) {
                parse_cookies(value, cookies_);
            }
        }
    }
    return cookies_;
}

coro<std::string_view> request_state::whole_body() {
    if (body_given_) {
        body.clear();
        body_given_ = false;
    }
    while (source != nullptr && !source_ended) {
        const std::optional<std::string_view> piece = co_await source->next();
        source_ended = !piece;
        body.append(piece.value_or(""));
    }
    co_return body;
}

coro<std::optional<std::string_view>> request_state::next_piece() {
    std::optional<std::string_view> piece;
    if (!body_given_ && !body.empty()) {
        piece = body;
    } else if (source != nullptr && !source_ended) {
        piece = co_await source->next();
        source_ended = !piece;
    }
    body_given_ = true;
    co_return piece;
}

}  // namespace rondo::http::detail
