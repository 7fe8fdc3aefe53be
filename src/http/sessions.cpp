// SPDX-License-Identifier: MIT
#include "http/crypto.hpp"
#include "json/base64.hpp"
#include <rondo/http/middleware.hpp>
#include <rondo/http/security.hpp>
#include <rondo/json/json.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace rondo::http {
namespace {

constexpr std::size_t shortest_secret = 16;

/// What request.session() gives.
struct session_state {
    bool is_kept = false;  // by the middleware
    json::object values;
};

std::string encode(std::string_view bytes) {
    const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
    return rondo::detail::base64(std::vector<std::byte>(first, first + bytes.size()));
}

std::string decode(std::string_view text) {
    std::vector<std::byte> bytes;
    if (!rondo::detail::parse_base64(text, bytes)) {
        return {};
    }
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::int64_t unix_seconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace

json::object& request::session() {
    auto& mine = state<session_state>();
    if (!mine.is_kept) {
        throw std::logic_error(
            "request.session(): nothing keeps it; app.middleware(http::sessions(secret))");
    }
    return mine.values;
}

sessions::sessions(std::string secret, const session_options& options)
    : secret_(std::move(secret)), cookie_(options.cookie), options_(options) {
    if (secret_.size() < shortest_secret) {
        throw std::invalid_argument("http::sessions: the secret has " +
                                    std::to_string(secret_.size()) +
                                    " bytes; take at least 16 that nobody can guess");
    }
}

std::string sessions::sign(std::string_view text) const {
    return encode(detail::hmac_sha256(secret_, text));
}

/// "data.time.signature": the data and the signature in base64, the time in seconds.
std::string sessions::write(const json::object& session) const {
    std::string text = encode(json::dumps(json::value(session)));
    text += '.' + std::to_string(unix_seconds());
    return text + '.' + sign(text);
}

json::object sessions::read(std::string_view cookie) const {
    const std::size_t second = cookie.rfind('.');
    if (second == std::string_view::npos ||
        !compare_digest(sign(cookie.substr(0, second)), cookie.substr(second + 1))) {
        return {};
    }
    const std::size_t first = cookie.find('.');  // it was written here: it is well formed
    std::int64_t made = 0;
    std::from_chars(cookie.data() + first + 1, cookie.data() + second, made);
    if (unix_seconds() - made > options_.max_age.count()) {
        return {};
    }
    json::value session = json::loads(decode(cookie.substr(0, first)));
    return std::move(session.get<json::object>());
}

coro<response> sessions::operator()(request& r, next call_next) {
    auto& mine = r.state<session_state>();
    mine.is_kept = true;
    const auto cookie = r.cookies().get(cookie_);
    if (cookie) {
        mine.values = read(*cookie);
    }
    const bool had_some = !mine.values.empty();
    response answer = co_await call_next(r);
    cookie_options how;
    how.max_age = options_.max_age;
    how.httponly = true;
    how.samesite = options_.samesite;
    how.secure = options_.secure;
    if (!mine.values.empty()) {
        answer.set_cookie(cookie_, write(mine.values), how);
    } else if (had_some) {
        answer.delete_cookie(cookie_, how);
    }
    co_return answer;
}

}  // namespace rondo::http
