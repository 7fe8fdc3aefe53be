// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include "http/file_body.hpp"
#include "http/mime.hpp"
#include <rondo/http/request.hpp>
#include <rondo/http/static_files.hpp>

#include <filesystem>
#include <utility>

namespace rondo::http {
namespace {

/// RFC 6266; a name with more than ASCII in the form of RFC 8187, too.
std::string disposition_of(const file_options& options) {
    std::string text(options.content_disposition.empty() ? "attachment"
                                                         : options.content_disposition);
    if (options.filename.empty()) {
        return text;
    }
    std::string plain;
    std::string encoded;
    for (const char c : options.filename) {
        const auto byte = static_cast<unsigned char>(c);
        const bool quotable = byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
        plain += quotable ? c : '_';
        if (detail::is_a(c, detail::token_char) && c != '%' && c != '*' && c != '\'') {
            encoded += c;
        } else {
            encoded += '%';
            encoded += "0123456789ABCDEF"[byte >> 4];
            encoded += "0123456789ABCDEF"[byte & 15];
        }
    }
    text += "; filename=\"" + plain + '"';
    if (plain != options.filename) {
        text += "; filename*=UTF-8''" + encoded;
    }
    return text;
}

/// Whether no segment is hidden, empty, or leads elsewhere.
bool is_plain_path(std::string_view path) {
    if (path.find('\0') != path.npos || path.find('\\') != path.npos) {
        return false;
    }
    while (!path.empty()) {
        const std::string_view segment = detail::take_until(path, '/');
        if (segment.empty() || segment[0] == '.') {
            return false;
        }
    }
    return true;
}

/// Whether Accept-Encoding lists it and does not rule it out.
bool accepts(const headers& asked, std::string_view encoding) {
    for (std::string_view list : asked.get_all("accept-encoding")) {
        while (!list.empty()) {
            std::string_view parameters = detail::take_until(list, ',');
            const std::string_view name = detail::trim(detail::take_until(parameters, ';'));
            const std::string_view weight = detail::trim(parameters);
            const bool ruled_out =
                weight.starts_with("q=0") && weight.find_first_of("123456789") == weight.npos;
            if (detail::is_same_name(name, encoding) && !ruled_out) {
                return true;
            }
        }
    }
    return false;
}

response answer_of(detail::file_body::place where, std::string_view media_type) {
    return detail::stream_response(
        box<detail::body_stream>(new detail::file_body(std::move(where))), media_type);
}

}  // namespace

response file(std::string path, const file_options& options) {
    const std::string type(options.media_type.empty() ? detail::media_type_of(path)
                                                      : options.media_type);
    detail::file_body::place where;
    where.candidates.push_back(std::move(path));
    response made = answer_of(std::move(where), type);
    if (!options.filename.empty() || !options.content_disposition.empty()) {
        made.headers.add("content-disposition", disposition_of(options));
    }
    return made;
}

static_files::static_files(std::string_view directory)
    : directory_(std::filesystem::canonical(directory).string()) {}

response static_files::get(const request& asked, std::string_view path) const {
    detail::file_body::place where;
    where.within = directory_;
    const bool is_folder = path.empty() || path.ends_with('/');
    const std::string_view named =
        is_folder && !path.empty() ? path.substr(0, path.size() - 1) : path;
    std::string full = directory_ + '/' + std::string(path);
    full += is_folder ? "index.html" : "";
    if (is_plain_path(named)) {
        constexpr std::pair<std::string_view, std::string_view> packed[] = {{"br", ".br"},
                                                                            {"gzip", ".gz"}};
        for (const auto& [encoding, ending] : packed) {
            if (accepts(asked.headers(), encoding)) {
                where.candidates.push_back(full + std::string(ending));
                where.encodings.push_back(encoding);
            }
        }
        where.candidates.push_back(full);
        where.encodings.emplace_back();
    }
    return answer_of(std::move(where), detail::media_type_of(full));
}

}  // namespace rondo::http
