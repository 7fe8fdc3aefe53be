// SPDX-License-Identifier: MIT
#include "http/message_parser.hpp"
#include "http/request_state.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

using rondo::http::detail::head_limits;
using rondo::http::detail::message_parser;
using rondo::http::detail::request_state;

/// The status of the refusal; 200 for a head that is good, 0 for one that is not complete.
int status_of(std::string_view text, head_limits limits = head_limits()) {
    request_state state;
    message_parser parser(limits);
    switch (parser.parse(text, state)) {
        case message_parser::outcome::need_more:
            return 0;
        case message_parser::outcome::complete:
            return 200;
        case message_parser::outcome::refused:
            return parser.refused().status;
    }
    return -1;
}

/// The same when it comes byte by byte.
int status_in_pieces(std::string_view text) {
    request_state state;
    message_parser parser{head_limits()};
    for (std::size_t size = 1; size <= text.size(); ++size) {
        switch (parser.parse(text.substr(0, size), state)) {
            case message_parser::outcome::need_more:
                break;
            case message_parser::outcome::complete:
                return 200;
            case message_parser::outcome::refused:
                return parser.refused().status;
        }
    }
    return 0;
}

struct row {
    int status;
    std::string_view text;
};

void check(const std::vector<row>& rows) {
    for (const auto& [status, text] : rows) {
        EXPECT_EQ(status_of(text), status) << testing::PrintToString(text);
        EXPECT_EQ(status_in_pieces(text), status) << testing::PrintToString(text);
    }
}

/// What all of these headers get after a good request line and a Host.
void check_fields(int status, const std::vector<std::string_view>& fields) {
    for (const std::string_view field : fields) {
        const std::string text = "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(field) + "\r\n\r\n";
        EXPECT_EQ(status_of(text), status) << testing::PrintToString(field);
        EXPECT_EQ(status_in_pieces(text), status) << testing::PrintToString(field);
    }
}

void check_request_lines(int status, const std::vector<std::string_view>& lines) {
    for (const std::string_view line : lines) {
        const std::string text = std::string(line) + "\r\nHost: a\r\n\r\n";
        EXPECT_EQ(status_of(text), status) << testing::PrintToString(line);
        EXPECT_EQ(status_in_pieces(text), status) << testing::PrintToString(line);
    }
}

}  // namespace

TEST(malformed, request_lines_are_refused) {
    check_request_lines(400, {"GET",
                              "GET ",
                              "GET /",
                              "GET / ",
                              "GET  / HTTP/1.1",
                              "GET /  HTTP/1.1",
                              "GET / HTTP/1.1 ",
                              " GET / HTTP/1.1",
                              "\tGET / HTTP/1.1",
                              "GET\t/ HTTP/1.1",
                              "GET /\tHTTP/1.1",
                              "GET / HTTP/1.1\t",
                              "GET /a b HTTP/1.1",
                              "GET HTTP/1.1",
                              "/ HTTP/1.1",
                              " / HTTP/1.1",
                              "G(T / HTTP/1.1",
                              "G:T / HTTP/1.1",
                              "\"GET\" / HTTP/1.1",
                              "G\x01T / HTTP/1.1",
                              "G\xc3\xa4T / HTTP/1.1",
                              "GET / HTTP",
                              "GET / HTTP/",
                              "GET / HTTP/1",
                              "GET / HTTP/1.",
                              "GET / HTTP/.1",
                              "GET / HTTP/11",
                              "GET / HTTP/1,1",
                              "GET / HTTP/1.1.1",
                              "GET / HTTP/1.10",
                              "GET / HTTP/01.1",
                              "GET / HTTP/+1.1",
                              "GET / HTTP/-1.1",
                              "GET / HTTP/1.a",
                              "GET / HTTP/a.1",
                              "GET / HTTP /1.1",
                              "GET / http/1.1",
                              "GET / Http/1.1",
                              "GET / HTTPS/1.1",
                              "GET / HTP/1.1",
                              "GET / XTTP/1.1",
                              "GET / HTTP/1.1x",
                              "GET / HTTP/1.1 HTTP/1.1",
                              "HTTP/1.1 200 OK",
                              "{\"json\": 1}",
                              "<html>"});
    check_request_lines(505,
                        {"GET / HTTP/0.9", "GET / HTTP/1.2", "GET / HTTP/1.9", "GET / HTTP/2.0",
                         "GET / HTTP/3.0", "GET / HTTP/9.9", "GET / HTTP/0.0", "PRI * HTTP/2.0"});
}

TEST(malformed, targets_are_refused) {
    check_request_lines(400, {"GET a HTTP/1.1",
                              "GET a/b HTTP/1.1",
                              "GET ?a HTTP/1.1",
                              "GET #a HTTP/1.1",
                              "GET /#a HTTP/1.1",
                              "GET /a?b#c HTTP/1.1",
                              "GET /\xc3\xa4 HTTP/1.1",
                              "GET /\xff HTTP/1.1",
                              "GET /\x01 HTTP/1.1",
                              "GET /\x7f HTTP/1.1",
                              "GET * HTTP/1.1",
                              "POST * HTTP/1.1",
                              "OPTIONS ** HTTP/1.1",
                              "OPTIONS *? HTTP/1.1",
                              "GET a:80 HTTP/1.1",
                              "GET http: HTTP/1.1",
                              "GET http:/ HTTP/1.1",
                              "GET http:// HTTP/1.1",
                              "GET http:/// HTTP/1.1",
                              "GET http:///a HTTP/1.1",
                              "GET http://?a HTTP/1.1",
                              "GET http://:80/ HTTP/1.1",
                              "GET http://a:b/ HTTP/1.1",
                              "GET http://a:65536/ HTTP/1.1",
                              "GET http://a:-1/ HTTP/1.1",
                              "GET http://a:1:2/ HTTP/1.1",
                              "GET http://u@a/ HTTP/1.1",
                              "GET http://u:p@a/ HTTP/1.1",
                              "GET http://[::1/ HTTP/1.1",
                              "GET http://[]/ HTTP/1.1",
                              "GET http://[::1]a/ HTTP/1.1",
                              "GET http://[g]/ HTTP/1.1",
                              "GET http://a\\b/ HTTP/1.1",
                              "GET http://a/#b HTTP/1.1",
                              "GET ftp://a/ HTTP/1.1",
                              "GET file:///etc HTTP/1.1",
                              "GET ws://a/ HTTP/1.1",
                              "GET httpx://a/ HTTP/1.1",
                              "GET //a HTTP/1.1x",
                              "CONNECT / HTTP/1.1",
                              "CONNECT a HTTP/1.1",
                              "CONNECT a: HTTP/1.1",
                              "CONNECT :80 HTTP/1.1",
                              "CONNECT a:80/ HTTP/1.1",
                              "CONNECT http://a:80 HTTP/1.1",
                              "CONNECT [::1] HTTP/1.1",
                              "CONNECT a:99999 HTTP/1.1",
                              "CONNECT * HTTP/1.1"});
}

TEST(malformed, header_fields_are_refused) {
    check_fields(400, {":",
                       ": a",
                       ":a",
                       "a",
                       "a b: c",
                       "a : b",
                       "a\t: b",
                       " a: b",
                       "\ta: b",
                       "a: b\r\n c",
                       "a: b\r\n\tc",
                       "a:\r\n b",
                       "a: b\r\n ",
                       "a: b\rc",
                       "a: b\r\rc: d",
                       "a: b\nc: d",
                       "a: b\n",
                       "a: \x01",
                       "a: \x08",
                       "a: \x0b",
                       "a: \x0c",
                       "a: \x1b",
                       "a: \x7f",
                       "a(: b",
                       "a): b",
                       "a,: b",
                       "a/: b",
                       "a;: b",
                       "a<: b",
                       "a=: b",
                       "a>: b",
                       "a?: b",
                       "a@: b",
                       "a[: b",
                       "a\\: b",
                       "a]: b",
                       "a{: b",
                       "a}: b",
                       "\"a\": b",
                       "\xc3\xa4: b",
                       "a\x7f: b",
                       "a\x01: b",
                       "GET / HTTP/1.1",
                       "Host: a",
                       "host: b",
                       "HOST:"});
}

TEST(malformed, hosts_are_refused) {
    for (const std::string_view host : {"",        " ",
                                        "a b",     "a,b",
                                        "a/b",     "a?b",
                                        "a#b",     "a@b",
                                        "u:p@a",   "http://a",
                                        "a:b",     "a:80:80",
                                        "a:65536", "a:-1",
                                        "a:+1",    "a: 80",
                                        ":",       ":80",
                                        "[",       "[]",
                                        "[::1",    "::1",
                                        "[::1]80", "[::1]:a",
                                        "[x]",     "[::1%25eth0]",
                                        "a\\b",    "<a>",
                                        "a\"b",    "a|b",
                                        "a^b",     "a`b",
                                        "a{b}",    "\xc3\xa4"}) {
        const std::string text = "GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
        // A comma may stand in a name of a host: RFC 3986 counts it among the sub-delims.
        EXPECT_EQ(status_of(text), host == "a,b" ? 200 : 400) << host;
    }
    check({{400, "GET / HTTP/1.1\r\n\r\n"},
           {400, "GET / HTTP/1.1\r\nHosts: a\r\n\r\n"},
           {400, "GET http://a/ HTTP/1.1\r\n\r\n"},
           {400, "GET http://a/ HTTP/1.1\r\nHost: a/\r\n\r\n"},
           {400, "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"},
           {400, "GET / HTTP/1.0\r\nHost: a b\r\n\r\n"}});
}

TEST(malformed, content_lengths_are_refused) {
    check_fields(400, {"Content-Length:",
                       "Content-Length: ",
                       "Content-Length: +1",
                       "Content-Length: -1",
                       "Content-Length: 1 2",
                       "Content-Length: 1,1",
                       "Content-Length: 1, 1",
                       "Content-Length: 1,",
                       "Content-Length: ,1",
                       "Content-Length: 1;",
                       "Content-Length: 0x1",
                       "Content-Length: 1e1",
                       "Content-Length: 1.0",
                       "Content-Length: a",
                       "Content-Length: \"1\"",
                       "Content-Length: 1\tx",
                       "Content-Length: 18446744073709551616",
                       "Content-Length: 99999999999999999999999999",
                       "Content-Length: 1\r\nContent-Length: 1",
                       "Content-Length: 1\r\nContent-Length: 2",
                       "content-length: 1\r\nX: y\r\nCONTENT-LENGTH: 1",
                       "Content-Length: 1\r\nTransfer-Encoding: chunked",
                       "Transfer-Encoding: chunked\r\nContent-Length: 1",
                       "Content-Length : 1",
                       "Content-Length\t: 1"});
}

TEST(malformed, transfer_encodings_are_refused) {
    check_fields(400,
                 {"Transfer-Encoding:", "Transfer-Encoding: ,", "Transfer-Encoding: ,chunked",
                  "Transfer-Encoding: chunked chunked", "Transfer-Encoding: \"chunked\"",
                  "Transfer-Encoding: chunked\x0b",
                  "Transfer-Encoding: \x0b"
                  "chunked",
                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
                  "Transfer-Encoding : chunked", "Transfer-Encoding\x0b: chunked",
                  "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: xchunked\r\n chunked"});
    check_fields(501, {"Transfer-Encoding: gzip", "Transfer-Encoding: identity",
                       "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip",
                       "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: xchunked",
                       "Transfer-Encoding: chunkedx", "Transfer-Encoding: chunked;a=b",
                       "Transfer-Encoding: chunked,"});
    check({{400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
           {400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"}});
}

TEST(malformed, expectations_are_refused) {
    check_fields(417, {"Expect:", "Expect: x", "Expect: 100", "Expect: 100-continue, x",
                       "Expect: 200-ok", "Expect: 100-continue=1"});
    check_fields(200, {"Expect: 100-continue", "Expect: 100-Continue", "expect:100-continue "});
}

TEST(malformed, line_ends_are_refused) {
    check({{400, "\n"},
           {400, "\r\n\r\n"},
           {400, "\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
           {400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
           {400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
           {400, "\r\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
           {400, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
           {400, "GET / HTTP/1.1\nHost: a\r\n\r\n"},
           {400, "GET / HTTP/1.1\nHost: a\n\n"},
           {400, "GET / HTTP/1.1\r\nHost: a\n\r\n"},
           {400, "GET / HTTP/1.1\r\nHost: a\r\n\n"},
           {400, "GET / HTTP/1.1\r\nHost: a\n\n"},
           {400, "GET / HTTP/1.1\rHost: a\r\n\r\n"},
           {400, "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"},
           {400, "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"},
           {400, "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n"},
           {400, "GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n"},
           {400, "GET /\r\nHost: a\r\n\r\n"},
           {400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
           {400, "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n"},
           {400, "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n"},
           {400, std::string_view("GET / HTTP/1.1\r\nHost: a\0\r\n\r\n", 28)},
           {400, std::string_view("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 29)},
           {400, std::string_view("GET / HTTP/1.1\r\nHost: a\r\nb\0: c\r\n\r\n", 35)},
           {400, std::string_view("GET / HTTP/1.1\r\nHost: a\r\nb: \0\r\n\r\n", 34)},
           {400, std::string_view("\0", 1)},
           {400, "\x16\x03\x01\x02"},  // how TLS begins
           {400, "\x80"}});
}

TEST(malformed, no_control_is_let_through_anywhere) {
    for (int code = 0; code < 256; ++code) {
        const char c = static_cast<char>(code);
        const bool control = code < 0x20 || code == 0x7f;
        const std::string in_target = std::string("GET /") + c + " HTTP/1.1\r\nHost: a\r\n\r\n";
        const std::string in_name =
            std::string("GET / HTTP/1.1\r\nHost: a\r\nb") + c + "c: d\r\n\r\n";
        const std::string in_value =
            std::string("GET / HTTP/1.1\r\nHost: a\r\nb: c") + c + "d\r\n\r\n";
        const std::string in_method = std::string("G") + c + "T / HTTP/1.1\r\nHost: a\r\n\r\n";
        const bool token = std::isalnum(code) != 0 && code < 0x80;
        const bool mark = code != 0 && std::string_view("!#$%&'*+-.^_`|~").find(c) != size_t(-1);
        EXPECT_EQ(status_of(in_target), control || code >= 0x7f || c == ' ' || c == '#' ? 400 : 200)
            << code;
        EXPECT_EQ(status_of(in_value), control && c != '\t' ? 400 : 200) << code;
        EXPECT_EQ(status_of(in_method), token || mark ? 200 : 400) << code;
        EXPECT_EQ(status_of(in_name), token || mark || c == ':' ? 200 : 400) << code;
    }
}

TEST(malformed, what_is_too_long_is_refused_before_it_has_come) {
    head_limits limits;
    limits.request_line = 100;
    limits.header_size = 200;
    limits.header_count = 5;
    const std::string line = "GET /" + std::string(86, 'a') + " HTTP/1.1\r\n";
    ASSERT_EQ(line.size(), 102u);
    EXPECT_EQ(status_of(line + "Host: a\r\n\r\n", limits), 200);
    EXPECT_EQ(status_of("GET /a" + line.substr(5) + "Host: a\r\n\r\n", limits), 414);
    EXPECT_EQ(status_of("GET /" + std::string(97, 'a'), limits), 414);
    EXPECT_EQ(status_of("GET /" + std::string(95, 'a') + "\r", limits), 0);

    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
    const std::string fits = "b: " + std::string(200 - 9 - 3 - 4, 'c');
    EXPECT_EQ(status_of(start + fits + "\r\n\r\n", limits), 200);
    EXPECT_EQ(status_of(start + fits + "c\r\n\r\n", limits), 431);
    EXPECT_EQ(status_of(start + "b: " + std::string(200, 'c'), limits), 431);
    EXPECT_EQ(status_of(start + "b: c\r\nb: c\r\nb: c\r\nb: c\r\n\r\n", limits), 200);
    EXPECT_EQ(status_of(start + "b: c\r\nb: c\r\nb: c\r\nb: c\r\nb: c\r\n", limits), 431);
}
