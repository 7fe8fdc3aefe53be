// SPDX-License-Identifier: MIT
#include "http/message_parser.hpp"

#include "http/characters.hpp"
#include "http/request_state.hpp"
#include "http/target.hpp"

#include <limits>

#include <boost/beast/http/basic_parser.hpp>

namespace rondo::http::detail {
namespace {

namespace beast = boost::beast;
using field = beast::http::field;
using beast_error = beast::http::error;

std::string_view plain(beast::string_view text) noexcept {
    return std::string_view(text.data(), text.size());
}

bool is_number(std::string_view text) noexcept {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// Takes a whole head apart, into a request's state, and gathers what decides about its framing.
class head_reader final : public beast::http::basic_parser<true> {
public:
    head_reader(request_state& to, message_head& head) noexcept : to_(to), head_(head) {
        header_limit(std::numeric_limits<std::uint32_t>::max());  // the lines were counted
        body_limit(boost::none);
    }

    refusal read(std::string_view text) {
        beast::error_code failed;
        put(boost::asio::const_buffer(text.data(), text.size()), failed);
        if (refusal_) {
            return refusal_;
        }
        if (failed) {
            return explain(failed, text.substr(0, text.find('\r')));
        }
        return check();
    }

private:
    static refusal explain(beast::error_code failed, std::string_view request_line) noexcept {
        if (failed == beast_error::bad_version) {
            const std::size_t at = request_line.rfind(' ');
            const std::string_view version = request_line.substr(at + 1);
            const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                                     version[6] == '.' && is_number(version.substr(5, 1)) &&
                                     is_number(version.substr(7, 1)) && version != "HTTP/1.0" &&
                                     version != "HTTP/1.1";
            return well_formed ? refusal(505, "this server speaks HTTP/1.0 and HTTP/1.1")
                               : refusal(400, "malformed version");
        }
        if (failed == beast_error::bad_method || failed == beast_error::bad_target) {
            return refusal(400, "malformed request line");
        }
        if (failed == beast_error::bad_content_length ||
            failed == beast_error::multiple_content_length) {
            return refusal(400, "malformed Content-Length");
        }
        if (failed == beast_error::bad_transfer_encoding) {
            return refusal(400, "Transfer-Encoding twice, or with Content-Length");
        }
        return refusal(400, "malformed header field");
    }

    void refuse(int status, std::string_view reason, beast::error_code& stop) noexcept {
        refusal_ = refusal(status, reason);
        stop = beast_error::bad_field;
    }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                         int version, beast::error_code& stop) override {
        target_ = split_target(plain(method), plain(target));
        if (!target_.valid) {
            refuse(400, "malformed target", stop);
            return;
        }
        to_.method.assign(plain(method));
        to_.minor_version = version % 10;
        if (target_.path_and_query.starts_with('?') || target_.path_and_query.empty()) {
            to_.target.assign("/");
            to_.target.append(target_.path_and_query);
            to_.set_path_size();
        } else {
            to_.set_target(target_.path_and_query);
        }
    }

    void on_field_impl(field known, beast::string_view name, beast::string_view text,
                       beast::error_code& stop) override {
        const std::string_view value = plain(text);
        switch (known) {
            case field::host:
                if (++hosts_ > 1 || !is_host(value)) {
                    refuse(400, "malformed Host, or more than one", stop);
                }
                break;
            case field::content_length:
                if (++lengths_ > 1 || !is_number(value)) {
                    refuse(400, "malformed Content-Length, or more than one", stop);
                }
                break;
            case field::transfer_encoding:
                read_encoding(value, stop);
                break;
            case field::connection:
                read_connection(value);
                break;
            case field::expect:
                read_expectation(value, stop);
                break;
            default:
                break;
        }
        to_.headers.add_checked(plain(name), value);
    }

    void read_encoding(std::string_view value, beast::error_code& stop) noexcept {
        if (is_same_name(value, "chunked")) {
            head_.chunked = true;
            return;
        }
        bool well_formed = true;
        do {
            std::string_view parameters = take_until(value, ',');
            well_formed = well_formed && is_token(trim(take_until(parameters, ';')));
        } while (!value.empty());
        refuse(well_formed ? 501 : 400, "a Transfer-Encoding other than chunked", stop);
    }

    void read_connection(std::string_view value) noexcept {
        while (!value.empty()) {
            closes_ = is_same_name(trim(take_until(value, ',')), "close") || closes_;
        }
    }

    void read_expectation(std::string_view value, beast::error_code& stop) noexcept {
        if (!is_same_name(value, "100-continue")) {
            refuse(417, "an expectation other than 100-continue", stop);
        }
        head_.expects_continue = true;
    }

    refusal check() {
        const bool old = to_.minor_version == 0;
        if (hosts_ == 0 && !old) {
            return refusal(400, "the Host header is missing");
        }
        if (head_.chunked && (old || lengths_ > 0)) {
            return refusal(400, "Transfer-Encoding in HTTP/1.0, or with Content-Length");
        }
        if (lengths_ > 0) {
            head_.content_length = content_length().get();
        }
        if (!target_.authority.empty()) {
            to_.headers.set("host", target_.authority);
        }
        head_.keep_alive = !old && !closes_;
        head_.expects_continue = head_.expects_continue && !old;
        return refusal();
    }

    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override {
        return 0;
    }
    void on_finish_impl(beast::error_code&) override {}

    request_state& to_;
    message_head& head_;
    refusal refusal_;
    request_target target_;
    unsigned hosts_ = 0;
    unsigned lengths_ = 0;
    bool closes_ = false;
};

}  // namespace

void message_parser::reset() noexcept {
    head_ = message_head();
    refusal_ = refusal();
    scanned_ = line_at_ = request_line_at_ = fields_at_ = fields_ = 0;
}

message_parser::line message_parser::refuse(int status, std::string_view reason) noexcept {
    refusal_ = refusal(status, reason);
    return line::refused;
}

message_parser::line message_parser::end_line(std::string_view text) noexcept {
    if (fields_at_ != 0) {
        if (text.empty()) {
            return line::last;
        }
        if (text[0] == ' ' || text[0] == '\t') {
            return refuse(400, "a header field over several lines");
        }
        if (text[0] == '\r') {
            return refuse(400, "a line that ends without CR and LF");
        }
        return ++fields_ > limits_.header_count ? refuse(431, "too many header fields")
                                                : line::more;
    }
    if (!text.empty()) {
        if (!is_a(text[0], token_char)) {
            return refuse(400, "malformed request line");
        }
        fields_at_ = scanned_;
        return text.size() > limits_.request_line ? refuse(414, "the request line is too long")
                                                  : line::more;
    }
    if (request_line_at_ != 0) {
        return refuse(400, "empty lines before the request line");
    }
    request_line_at_ = scanned_;  // one is skipped: RFC 9112 §2.2
    return line::more;
}

/// The first byte says whether it can become a request at all; a "\r" may end what is too long.
message_parser::line message_parser::check_unfinished(std::string_view text) noexcept {
    if (fields_at_ != 0) {
        return line::more;
    }
    if (!text.empty() && !is_a(text[0], token_char) && text[0] != '\r') {
        return refuse(400, "malformed request line");
    }
    return text.size() > limits_.request_line + 1 ? refuse(414, "the request line is too long")
                                                  : line::more;
}

message_parser::line message_parser::scan(std::string_view buffered) noexcept {
    while (true) {
        const std::size_t at = buffered.find('\n', scanned_);
        if (at == buffered.npos) {
            scanned_ = buffered.size();
            break;
        }
        if (at == line_at_ || buffered[at - 1] != '\r') {
            return refuse(400, "a line that ends without CR and LF");
        }
        scanned_ = at + 1;
        const line ended = end_line(buffered.substr(line_at_, at - 1 - line_at_));
        if (ended == line::refused) {
            return ended;
        }
        line_at_ = scanned_;
        if (fields_at_ != 0 && scanned_ - fields_at_ > limits_.header_size) {
            return refuse(431, "the header is too long");
        }
        if (ended == line::last) {
            return ended;
        }
    }
    if (fields_at_ != 0 && scanned_ - fields_at_ > limits_.header_size) {
        return refuse(431, "the header is too long");
    }
    return check_unfinished(buffered.substr(line_at_));
}

message_parser::outcome message_parser::parse(std::string_view buffered, request_state& to) {
    switch (scan(buffered)) {
        case line::more:
            return outcome::need_more;
        case line::refused:
            return outcome::refused;
        case line::last:
            break;
    }
    return read(buffered.substr(0, scanned_), to);
}

message_parser::outcome message_parser::read(std::string_view text, request_state& to) {
    head_.size = text.size();
    head_reader reader(to, head_);
    refusal_ = reader.read(text.substr(request_line_at_));
    return refusal_ ? outcome::refused : outcome::complete;
}

}  // namespace rondo::http::detail
