// SPDX-License-Identifier: MIT
#include "http/multipart.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <stdexcept>

namespace rondo::http::detail {
namespace {

constexpr std::size_t max_boundary = 70;
constexpr std::size_t max_padding = 128;  // spaces behind a boundary

bool is_boundary(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_boundary && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

}  // namespace

multipart_reader::multipart_reader(std::string_view boundary) {
    if (!is_boundary(boundary)) {
        throw std::invalid_argument("http: no boundary of a multipart body");
    }
    delimiter_ = "\r\n--" + std::string(boundary);
}

void multipart_reader::feed(std::string_view piece) {
    buffer_.erase(0, at_);
    at_ = 0;
    buffer_.append(piece);
}

multipart_reader::event multipart_reader::refuse(std::string_view reason) noexcept {
    reason_ = reason;
    return event::refused;
}

multipart_reader::event multipart_reader::next() {
    switch (state_) {
        case state::preamble:
            return skip_preamble();
        case state::after_boundary:
            return read_after_boundary();
        case state::header:
            return read_header();
        case state::body:
            return read_body();
        case state::ended:
            break;
    }
    at_ = buffer_.size();  // the epilogue is nobody's
    return event::end;
}

multipart_reader::event multipart_reader::skip_preamble() {
    const std::size_t found = rest().find(delimiter_);
    if (found == std::string_view::npos) {
        at_ = buffer_.size() - std::min(rest().size(), delimiter_.size() - 1);
        return event::need_more;
    }
    at_ += found + delimiter_.size();
    state_ = state::after_boundary;
    return next();
}

/// "--" behind a boundary makes it the last one; else spaces may stand there, and a CRLF.
multipart_reader::event multipart_reader::read_after_boundary() {
    if (rest().size() < 2) {
        return event::need_more;
    }
    if (rest().starts_with("--")) {
        state_ = state::ended;
        return next();
    }
    const std::size_t end = rest().find_first_not_of(" \t");
    const std::size_t padding = std::min(end, rest().size());
    if (padding > max_padding) {
        return refuse("malformed boundary");
    }
    const std::string_view come = rest().substr(padding, 2);
    if (come != std::string_view("\r\n").substr(0, come.size())) {
        return refuse("malformed boundary");
    }
    if (come.size() < 2) {
        return event::need_more;
    }
    at_ += padding + 2;
    header_.clear();
    state_ = state::header;
    return next();
}

bool multipart_reader::add_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == line.npos || !is_token(name) || !are_all(line.substr(colon), value_char)) {
        return false;
    }
    header_.add_checked(name, trim(line.substr(colon + 1)));
    return true;
}

multipart_reader::event multipart_reader::read_header() {
    const std::string_view all = rest();
    const std::size_t end = all.starts_with("\r\n") ? 0 : all.find("\r\n\r\n");
    if (std::min(end, all.size()) > max_header_size) {
        return refuse("the header of a part is too long");
    }
    if (end == all.npos) {
        return event::need_more;
    }
    std::string_view fields = all.substr(0, end == 0 ? 0 : end + 2);
    while (!fields.empty()) {
        const std::size_t line = fields.find("\r\n");
        if (!add_field(fields.substr(0, line))) {
            return refuse("malformed header of a part");
        }
        fields.remove_prefix(line + 2);
    }
    at_ += end == 0 ? 2 : end + 4;
    state_ = state::body;
    return event::part;
}

multipart_reader::event multipart_reader::read_body() {
    const std::size_t found = rest().find(delimiter_);
    if (found == 0) {
        at_ += delimiter_.size();
        state_ = state::after_boundary;
        return event::part_end;
    }
    // What may turn out to be the beginning of a boundary is held back.
    const std::size_t safe = found != std::string_view::npos
                                 ? found
                                 : rest().size() - std::min(rest().size(), delimiter_.size() - 1);
    if (safe == 0) {
        return event::need_more;
    }
    data_ = rest().substr(0, safe);
    at_ += safe;
    return event::data;
}

}  // namespace rondo::http::detail
