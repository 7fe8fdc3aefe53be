// SPDX-License-Identifier: MIT
#include "http/body_decoder.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace rondo::http::detail {
namespace {

constexpr std::size_t max_size_digits = 16;

int hex_digit(char c) noexcept {
    const char lower = to_lower(c);
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void body_decoder::begin(const message_head& head) noexcept {
    *this = body_decoder();
    left_ = head.content_length;
    if (head.chunked) {
        state_ = state::chunk_line;
    } else {
        state_ = left_ > 0 ? state::known_length : state::ended;
    }
}

body_decoder::outcome body_decoder::refuse(int status, std::string_view reason) noexcept {
    refusal_ = refusal(status, reason);
    return outcome::refused;
}

body_decoder::outcome body_decoder::decode(std::string_view buffered,
                                           std::uint64_t max_size) noexcept {
    used_ = 0;
    while (true) {
        if (state_ == state::ended) {
            return outcome::end;
        }
        const std::size_t before = used_;
        const state was = state_;
        const outcome out = step(buffered.substr(used_), max_size);
        const bool went_on = used_ != before || state_ != was;
        if (out != outcome::need_more || !went_on) {
            return out;
        }
    }
}

/// Gives need_more, too, where another step may follow in the same buffer.
body_decoder::outcome body_decoder::step(std::string_view rest, std::uint64_t max_size) noexcept {
    switch (state_) {
        case state::known_length:
            if (left_ > max_size && total_ == 0) {
                return refuse(413, "the body is too long");
            }
            return give_data(rest);
        case state::chunk_line:
            return read_chunk_line(rest, max_size);
        case state::chunk:
            return give_data(rest);
        case state::chunk_end:
            return read_chunk_end(rest);
        case state::trailers:
            return read_trailers(rest);
        case state::ended:
            break;
    }
    return outcome::end;
}

body_decoder::outcome body_decoder::give_data(std::string_view rest) noexcept {
    if (rest.empty()) {
        return outcome::need_more;
    }
    data_ = rest.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size())));
    left_ -= data_.size();
    used_ += data_.size();
    total_ += state_ == state::known_length ? data_.size() : 0;
    if (left_ == 0) {
        state_ = state_ == state::known_length ? state::ended : state::chunk_end;
    }
    return outcome::data;
}

/// Takes a line without its CRLF. False when it has not come yet, or is refused.
bool body_decoder::take_line(std::string_view rest, std::size_t limit,
                             std::string_view& line) noexcept {
    const std::size_t at = rest.find('\n');
    if (std::min(at, rest.size()) > limit + 1) {
        refuse(400, "a line of the chunked body is too long");
        return false;
    }
    if (at == rest.npos) {
        return false;
    }
    if (at == 0 || rest[at - 1] != '\r') {
        refuse(400, "a line that ends without CR");
        return false;
    }
    line = rest.substr(0, at - 1);
    if (!are_all(line, value_char)) {
        refuse(400, "a control in a line of the chunked body");
        return false;
    }
    used_ += at + 1;
    return true;
}

body_decoder::outcome body_decoder::read_chunk_line(std::string_view rest,
                                                    std::uint64_t max_size) noexcept {
    std::string_view line;
    if (!take_line(rest, max_chunk_line, line)) {
        return refusal_ ? outcome::refused : outcome::need_more;
    }
    std::size_t digits = 0;
    std::uint64_t size = 0;
    while (digits < line.size() && digits <= max_size_digits && hex_digit(line[digits]) >= 0) {
        size = size << 4 | static_cast<std::uint64_t>(hex_digit(line[digits]));
        ++digits;
    }
    const bool ends = digits == line.size() || line[digits] == ';';
    if (digits == 0 || digits > max_size_digits || !ends) {
        return refuse(400, "malformed size of a chunk");
    }
    extensions_ += line.size() - digits;
    if (extensions_ > max_extensions) {
        return refuse(400, "too many extensions of chunks");
    }
    if (size > max_size || total_ > max_size - size) {
        return refuse(413, "the body is too long");
    }
    total_ += size;
    left_ = size;
    state_ = size == 0 ? state::trailers : state::chunk;
    return outcome::need_more;
}

body_decoder::outcome body_decoder::read_chunk_end(std::string_view rest) noexcept {
    constexpr std::string_view end = "\r\n";
    const std::string_view come = rest.substr(0, end.size());
    if (come != end.substr(0, come.size())) {
        return refuse(400, "a chunk that is longer than its size");
    }
    if (come.size() == end.size()) {
        used_ += end.size();
        state_ = state::chunk_line;
    }
    return outcome::need_more;
}

body_decoder::outcome body_decoder::read_trailers(std::string_view rest) noexcept {
    std::string_view line;
    if (!take_line(rest, max_trailer_size - trailer_size_, line)) {
        return refusal_ ? outcome::refused : outcome::need_more;
    }
    if (line.empty()) {
        state_ = state::ended;
        return outcome::end;
    }
    trailer_size_ += std::min(line.size() + 2, max_trailer_size - trailer_size_);
    ++trailer_count_;
    if (trailer_count_ > max_trailer_count || !is_token(line.substr(0, line.find(':'))) ||
        line.find(':') == line.npos) {
        return refuse(400, "malformed trailers, or too many");
    }
    return outcome::need_more;
}

}  // namespace rondo::http::detail
