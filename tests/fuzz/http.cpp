// SPDX-License-Identifier: MIT

// Whatever comes: heads and bodies are the same however they are cut, what is accepted holds
// nothing that another reader could take for something else, and nothing is read past the end.
#include "fuzz/input.hpp"
#include "http/body_decoder.hpp"
#include "http/characters.hpp"
#include "http/message_parser.hpp"
#include "http/multipart.hpp"
#include "http/ranges.hpp"
#include "http/request_state.hpp"
#include "http/target.hpp"
#include <rondo/http/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace rondo::http::detail;

/// Where pieces of one size end, the last of which may be smaller.
std::vector<std::size_t> steps(std::size_t size, std::size_t piece) {
    std::vector<std::size_t> ends;
    for (std::size_t end = 0; end < size; end += piece) {
        ends.push_back(end);
    }
    ends.push_back(size);
    return ends;
}

struct head_read {
    message_parser::outcome out = message_parser::outcome::need_more;
    std::size_t size = 0;
    request_state state;
    message_head head;
};

void read_head(const std::string& text, std::size_t piece, head_read& to) {
    head_limits limits;
    limits.request_line = 64;
    limits.header_size = 256;
    limits.header_count = 8;
    message_parser parser(limits);
    for (const std::size_t come : steps(text.size(), piece)) {
        // Copies of their own, so that a read past the end is seen.
        const std::string part = text.substr(0, come);
        to.out = parser.parse(part, to.state);
        if (to.out != message_parser::outcome::need_more) {
            break;
        }
    }
    to.head = parser.head();
    to.size = to.head.size;
}

struct body_read {
    body_decoder::outcome out = body_decoder::outcome::need_more;
    std::size_t used = 0;
    std::string body;
};

body_read read_body(const std::string& text, const message_head& head, std::size_t piece) {
    body_decoder decoder;
    decoder.begin(head);
    body_read got;
    for (const std::size_t come : steps(text.size(), piece)) {
        do {
            const std::string part = text.substr(got.used, come - got.used);
            got.out = decoder.decode(part, 1000);
            got.used += decoder.used();
            if (got.out == body_decoder::outcome::data) {
                got.body += decoder.data();
            }
        } while (got.out == body_decoder::outcome::data);
        if (got.out != body_decoder::outcome::need_more) {
            break;
        }
    }
    return got;
}

/// The parts of a form, and how it ended.
std::string read_form(const std::string& text, std::size_t piece) {
    multipart_reader reader("x");
    std::string seen;
    std::size_t fed = 0;
    for (const std::size_t end : steps(text.size(), piece)) {
        reader.feed(std::string_view(text).substr(fed, end - fed));
        fed = end;
        auto what = reader.next();
        for (; what != multipart_reader::event::need_more; what = reader.next()) {
            if (what == multipart_reader::event::refused || what == multipart_reader::event::end) {
                return seen + (what == multipart_reader::event::end ? "." : "!");
            }
            seen += what == multipart_reader::event::part       ? "<"
                    : what == multipart_reader::event::part_end ? ">"
                                                                : reader.data();
        }
    }
    return seen + "?";
}

void check_ranges(const std::string& text) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{10}}) {
        std::uint64_t total = 0;
        for (const byte_range& range : parse_ranges("bytes=" + text, size).ranges) {
            fuzz::require(range.size > 0 && range.first < size, "a range is not empty");
            fuzz::require(range.size <= size - range.first, "a range ends within the whole");
            total += range.size;
        }
        fuzz::require(total <= 16 * size, "ranges are few");
    }
}

void check_accepted(head_read& read) {
    fuzz::require(is_token(read.state.method), "a method is a token");
    fuzz::require(!read.state.target.empty(), "a target is not empty");
    fuzz::require(are_all(read.state.target, target_char), "a target is visible");
    std::size_t hosts = 0;
    for (const auto& [name, value] : read.state.headers) {
        fuzz::require(is_token(name), "a name is a token");
        fuzz::require(are_all(value, value_char), "a value has no controls");
        if (is_same_name(name, "host")) {
            ++hosts;
            fuzz::require(is_host(value), "a host is one");
        }
    }
    fuzz::require(hosts == 1 || (hosts == 0 && read.state.minor_version == 0), "there is a host");
    const bool has_length = read.state.headers.contains("content-length");
    fuzz::require(!read.head.chunked || !has_length, "one framing");
    read.state.path();
    read.state.cookies();
    read.state.query_params();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const int kind = in.below(6);
    const std::size_t piece = 1 + static_cast<std::size_t>(in.below(20));
    std::string text = in.rest();
    if (kind == 1) {
        text = "GET / HTTP/1.1\r\nHost: a\r\n" + text + "\r\n\r\n";
    } else if (kind == 2) {
        text = "GET " + text + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    if (kind == 3) {
        message_head head;
        head.chunked = true;
        const body_read whole = read_body(text, head, 1);
        const body_read cut = read_body(text, head, piece);
        fuzz::require(whole.out == cut.out && whole.body == cut.body,
                      "a body is the same however it is cut");
        fuzz::require(whole.used == cut.used || whole.out == body_decoder::outcome::refused,
                      "a body ends at the same place however it is cut");
        return 0;
    }
    if (kind == 4) {
        const std::string parted = text.empty() ? "--x" : text;
        fuzz::require(read_form(parted, parted.size()) == read_form(parted, piece),
                      "a form is the same however it is cut");
        return 0;
    }
    if (kind == 5) {
        check_ranges(text);
        return 0;
    }
    head_read whole;
    head_read cut;
    read_head(text, 1, whole);
    read_head(text, piece, cut);
    fuzz::require(whole.out == cut.out, "a head is the same however it is cut");
    if (whole.out == message_parser::outcome::complete) {
        check_accepted(whole);
        fuzz::require(whole.size == cut.size && whole.state.headers == cut.state.headers,
                      "a head has the same fields however it is cut");
    }
    return 0;
}
