// SPDX-License-Identifier: MIT
#include "http/message_parser.hpp"
#include "http/request_state.hpp"
#include <rondo/http/error.hpp>
#include <rondo/http/request.hpp>

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace http = rondo::http;
using http::detail::head_limits;
using http::detail::message_parser;
using http::detail::request_state;

http::request read(std::string_view text) {
    auto state = rondo::make_box<request_state>();
    message_parser parser{head_limits()};
    EXPECT_EQ(parser.parse(text, *state), message_parser::outcome::complete) << text;
    return http::request(std::move(state));
}

http::detail::message_head head_of(std::string_view text) {
    request_state state;
    message_parser parser{head_limits()};
    EXPECT_EQ(parser.parse(text, state), message_parser::outcome::complete) << text;
    return parser.head();
}

constexpr std::string_view browser =
    "\r\nPOST /a%20b/%c3%A4?q=a+b&q=%26&empty&=x&%3d=%3D HTTP/1.1\r\n"
    "Host: example.com:8080\r\n"
    "user-agent:Mozilla/5.0 (X11; Linux x86_64)  \r\n"
    "Accept: text/html,\tapplication/json;q=0.9\r\n"
    "X-Empty:\r\n"
    "Cookie: a=1; b=\"2;\\073\"; a=3; =none; alone\r\n"
    "Cookie: c=4\r\n"
    "Expect: 100-continue\r\n"
    "X-Latin: \xe4\r\n"
    "Content-Length: 12\r\n"
    "\r\n";

}  // namespace

TEST(heads, give_a_request_its_parts) {
    const http::request r = read(browser);
    EXPECT_EQ(r.method(), "POST");
    EXPECT_EQ(r.target(), "/a%20b/%c3%A4?q=a+b&q=%26&empty&=x&%3d=%3D");
    EXPECT_EQ(r.raw_path(), "/a%20b/%c3%A4");
    EXPECT_EQ(r.path(), "/a b/\xc3\xa4");
    EXPECT_EQ(r.query_string(), "q=a+b&q=%26&empty&=x&%3d=%3D");
    EXPECT_THAT(r.query_params().get_all("q"), testing::ElementsAre("a b", "&"));
    EXPECT_EQ(r.query_params()["q"], "&");
    EXPECT_EQ(r.query_params().get("empty"), "");
    EXPECT_EQ(r.query_params().get(""), "x");
    EXPECT_EQ(r.query_params().get("="), "=");
    EXPECT_EQ(r.url(), "http://example.com:8080/a%20b/%c3%A4?q=a+b&q=%26&empty&=x&%3d=%3D");
    EXPECT_EQ(r.http_version(), "1.1");
    EXPECT_EQ(r.headers()["User-Agent"], "Mozilla/5.0 (X11; Linux x86_64)");
    EXPECT_EQ(r.headers()["accept"], "text/html,\tapplication/json;q=0.9");
    EXPECT_EQ(r.headers().get("x-empty"), "");
    EXPECT_EQ(r.headers()["x-latin"], "\xe4");
    EXPECT_EQ(r.headers().size(), 9u);
    EXPECT_THAT(r.cookies().get_all("a"), testing::ElementsAre("1", "3"));
    EXPECT_EQ(r.cookies()["c"], "4");
    EXPECT_FALSE(r.cookies().contains("alone"));
}

TEST(heads, are_the_same_however_they_are_cut) {
    const std::string text = std::string(browser) + "the body";
    const http::request whole = read(browser);
    for (std::size_t first = 0; first <= browser.size(); ++first) {
        for (std::size_t second = first; second <= browser.size(); second += 7) {
            request_state state;
            message_parser parser{head_limits()};
            const std::string_view all = text;
            auto out = parser.parse(all.substr(0, first), state);
            if (first < browser.size()) {
                ASSERT_EQ(out, message_parser::outcome::need_more) << first;
                out = parser.parse(all.substr(0, second), state);
            }
            if (second < browser.size() && first < browser.size()) {
                ASSERT_EQ(out, message_parser::outcome::need_more) << second;
                out = parser.parse(all, state);
            }
            ASSERT_EQ(out, message_parser::outcome::complete) << first << ' ' << second;
            ASSERT_EQ(parser.head().size, browser.size());
            ASSERT_EQ(state.headers, whole.headers());
            ASSERT_EQ(state.target, whole.target());
        }
    }
}

TEST(heads, of_one_connection_are_read_with_one_state) {
    request_state state;
    message_parser parser{head_limits()};
    ASSERT_EQ(parser.parse(browser, state), message_parser::outcome::complete);
    EXPECT_EQ(state.path(), "/a b/\xc3\xa4");
    EXPECT_EQ(state.query_params().size(), 5u);
    EXPECT_EQ(state.cookies().size(), 4u);
    parser.reset();
    state.clear();
    ASSERT_EQ(parser.parse("GET /x?y=z HTTP/1.0\r\nA: b\r\n\r\nrest", state),
              message_parser::outcome::complete);
    EXPECT_EQ(parser.head().size, 29u);
    EXPECT_EQ(state.path(), "/x");
    EXPECT_EQ(state.query_params()["y"], "z");
    EXPECT_TRUE(state.cookies().empty());
    EXPECT_EQ(state.headers, (http::headers{{"A", "b"}}));
}

TEST(heads, say_how_the_connection_goes_on) {
    EXPECT_TRUE(head_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
    EXPECT_TRUE(head_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\n\r\n").keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n").keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: x , close\r\n\r\n").keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                         "Connection: keep-alive\r\n\r\n")
                     .keep_alive);
    EXPECT_TRUE(head_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n").keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
    EXPECT_TRUE(head_of(browser).expects_continue);
    EXPECT_FALSE(head_of("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expects_continue);
}

TEST(heads, say_how_long_the_body_is) {
    EXPECT_EQ(head_of(browser).content_length, 12u);
    EXPECT_EQ(head_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n").content_length, 0u);
    EXPECT_EQ(head_of("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n").content_length,
              7u);
    EXPECT_EQ(head_of("GET / HTTP/1.1\r\nHost: a\r\ncontent-length: 18446744073709551599\r\n\r\n")
                  .content_length,
              18446744073709551599u);
    const auto head = head_of("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n");
    EXPECT_TRUE(head.chunked);
    EXPECT_EQ(head.content_length, 0u);
}

TEST(heads, have_targets_of_four_forms) {
    const auto target = [](std::string_view line) {
        const http::request r = read(std::string(line) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return std::string(r.target()) + " " + r.headers()["host"];
    };
    EXPECT_EQ(target("GET /"), "/ a");
    EXPECT_EQ(target("GET //x//?y?z"), "//x//?y?z a");
    EXPECT_EQ(target("GET /{}|\"<>^`\\"), "/{}|\"<>^`\\ a");
    EXPECT_EQ(target("OPTIONS *"), "* a");
    EXPECT_EQ(target("GET http://b:81/x?y"), "/x?y b:81");
    EXPECT_EQ(target("GET HTTPS://[::1]:81"), "/ [::1]:81");
    EXPECT_EQ(target("GET http://b?x"), "/?x b");
    EXPECT_EQ(target("CONNECT b:443"), "b:443 a");
    EXPECT_EQ(target("CONNECT [::1]:443"), "[::1]:443 a");
    EXPECT_EQ(target("M-SEARCH /"), "/ a");
}

TEST(heads, have_hosts_of_many_kinds) {
    for (const std::string_view host :
         {"a", "example.com", "a:", "a:0", "a:65535", "127.0.0.1:80", "[::1]", "[::1]:8080",
          "[::ffff:1.2.3.4]", "a_b.c", "%41", "xn--bcher-kva.example", "a!$&'()*+;="}) {
        const http::request r = read("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n");
        EXPECT_EQ(r.headers()["host"], host);
    }
}

TEST(heads, limit_the_pairs_of_a_query) {
    std::string query = "a=0";
    for (int i = 1; i < 1000; ++i) {
        query += "&a=" + std::to_string(i);
    }
    const auto with = [](const std::string& text) {
        return read("GET /?" + text + " HTTP/1.1\r\nHost: a\r\n\r\n");
    };
    EXPECT_EQ(with(query).query_params().size(), 1000u);
    const http::request r = with(query + "&b");
    for (int i = 0; i < 2; ++i) {
        try {
            r.query_params();
            FAIL();
        } catch (const http::error& error) {
            EXPECT_EQ(error.status_code(), 400);
        }
    }
}
