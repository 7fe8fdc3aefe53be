// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include "http/media_type.hpp"
#include <rondo/http/middleware.hpp>

#include <algorithm>
#include <stdexcept>

#include <zlib.h>

namespace rondo::http {
namespace {

bool is_worth_it(std::string_view content_type) {
    std::string name(detail::media_type(content_type).name());
    std::transform(name.begin(), name.end(), name.begin(), detail::to_lower);
    return name.starts_with("text/") || name.ends_with("json") || name.ends_with("xml") ||
           name.ends_with("javascript") || name == "application/wasm";
}

/// Whether "gzip" is among the codings with a quality above 0; RFC 9110 §12.5.3.
bool accepts_gzip(std::string_view accepted) {
    bool by_star = false;
    while (!accepted.empty()) {
        const detail::media_type coding(detail::trim(detail::take_until(accepted, ',')));
        const auto quality = coding.parameter("q");
        const bool wanted = !quality || quality->find_first_not_of("0.") != std::string::npos;
        if (coding.is("gzip")) {
            return wanted;
        }
        by_star = by_star || (coding.is("*") && wanted);
    }
    return by_star;
}

std::string gzip(std::string_view plain, int level) {
    z_stream z{};
    constexpr int gzip_of_32_kib = 15 + 16;
    if (::deflateInit2(&z, level, Z_DEFLATED, gzip_of_32_kib, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string made(::deflateBound(&z, plain.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    z.avail_in = static_cast<uInt>(plain.size());
    z.next_out = reinterpret_cast<Bytef*>(made.data());
    z.avail_out = static_cast<uInt>(made.size());
    static_cast<void>(::deflate(&z, Z_FINISH));  // the bound leaves room for all of it
    made.resize(z.total_out);
    ::deflateEnd(&z);
    return made;
}

/// What was compressed has other bytes: a strong validator becomes a weak one. RFC 9110 §8.8.1.
void weaken_etag(headers& of) {
    if (const auto etag = of.get("etag"); etag && !etag->starts_with("W/")) {
        of.set("etag", "W/" + std::string(*etag));
    }
}

}  // namespace

compress::compress(compress_options options) : options_(options) {
    if (options_.level < 1 || options_.level > 9) {
        throw std::invalid_argument("http::compress: the level is 1 to 9, not " +
                                    std::to_string(options_.level));
    }
}

coro<response> compress::operator()(request& r, next call_next) {
    response answer = co_await call_next(r);
    if (answer.is_stream() || answer.body.size() < options_.minimum_size ||
        answer.headers.contains("content-encoding") ||
        !is_worth_it(answer.headers["content-type"])) {
        co_return answer;
    }
    answer.headers.add("vary", "Accept-Encoding");
    if (accepts_gzip(r.headers()["accept-encoding"])) {
        answer.body = gzip(answer.body, options_.level);
        answer.headers.set("content-encoding", "gzip");
        weaken_etag(answer.headers);
    }
    co_return answer;
}

}  // namespace rondo::http
