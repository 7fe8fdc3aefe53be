// SPDX-License-Identifier: MIT

// The small languages inside of headers: dates, cookies, URLs, statuses; and what is made of them.
#include "http/date.hpp"
#include "http/percent.hpp"
#include "http/status.hpp"
#include <rondo/http/cookie.hpp>
#include <rondo/http/error.hpp>
#include <rondo/http/response.hpp>

#include <chrono>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
namespace http = rondo::http;
namespace chrono = std::chrono;

std::string date_of(chrono::sys_seconds time) {
    std::string text;
    http::detail::append_date(time, text);
    return text;
}

std::string decoded(std::string_view text) {
    std::string to;
    http::detail::percent_decode(text, to);
    return to;
}

constexpr chrono::sys_seconds rfc_example(784111777s);

}  // namespace

TEST(dates, are_written_as_imf_fixdate) {
    EXPECT_EQ(date_of(rfc_example), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date_of(chrono::sys_seconds(0s)), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(date_of(chrono::sys_seconds(4102444799s)), "Thu, 31 Dec 2099 23:59:59 GMT");
}

TEST(dates, are_read_in_three_forms) {
    using http::detail::parse_date;
    EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), rfc_example);
    EXPECT_EQ(parse_date("Sunday, 06-Nov-94 08:49:37 GMT"), rfc_example);
    EXPECT_EQ(parse_date("Sun Nov  6 08:49:37 1994"), rfc_example);
    EXPECT_EQ(parse_date("Wed Nov 16 08:49:37 1994"), rfc_example + 240h);
    for (std::string_view bad :
         {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
          "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 6 Nov 1994 08:49:37 GMT",
          "Sun, 06-Nov 1994 08:49:37 GMT", "784111777", "Xyz, 06 Nov 1994 08:49:37 GMT",
          "Sun Nov 6 08:49:37 1994"}) {
        EXPECT_EQ(parse_date(bad), std::nullopt) << bad;
    }
}

TEST(dates, that_are_written_are_read) {
    for (int day = -40'000; day < 40'000; day += 13) {
        const chrono::sys_seconds time = chrono::sys_days(chrono::days(day)) + 12345s;
        ASSERT_EQ(http::detail::parse_date(date_of(time)), time) << day;
    }
}

TEST(percent, encoding_is_undone_once) {
    EXPECT_EQ(decoded("/a%20b%2Fc"), "/a b/c");
    EXPECT_EQ(decoded("%2541"), "%41");
    EXPECT_EQ(decoded("%c3%A4+"), "\xc3\xa4+");
    EXPECT_EQ(decoded("100%"), "100%");
    EXPECT_EQ(decoded("%4"), "%4");
    EXPECT_EQ(decoded("%g1%1g%"), "%g1%1g%");
    EXPECT_EQ(decoded("%00"), std::string(1, '\0'));
}

TEST(cookies, are_written_with_all_their_options) {
    using http::detail::cookie_text;
    http::cookie_options options;
    EXPECT_EQ(cookie_text("a", "1", options), "a=1; Path=/; SameSite=lax");
    options.max_age = 3600s;
    options.expires = rfc_example;
    options.path = "/x";
    options.domain = "example.com";
    options.secure = options.httponly = options.partitioned = true;
    options.samesite = http::same_site::none;
    EXPECT_EQ(cookie_text("a", "b c;\"\xc3\xa4\\", options),
              "a=\"b c\\073\\\"\\303\\244\\\\\"; Max-Age=3600; "
              "Expires=Sun, 06 Nov 1994 08:49:37 GMT; Path=/x; Domain=example.com; Secure; "
              "HttpOnly; SameSite=none; Partitioned");
    EXPECT_THROW(cookie_text("", "1", options), std::invalid_argument);
    EXPECT_THROW(cookie_text("a b", "1", options), std::invalid_argument);
    EXPECT_THROW(cookie_text("a;", "1", options), std::invalid_argument);
    options.path = "/;HttpOnly";
    EXPECT_THROW(cookie_text("a", "1", options), std::invalid_argument);
    options.path = "/\r\n";
    EXPECT_THROW(cookie_text("a", "1", options), std::invalid_argument);
}

TEST(responses, have_a_status_headers_cookies_and_a_body) {
    http::response r("made", 201);
    r.set_cookie("session", "x", {.max_age = 1h, .httponly = true});
    r.delete_cookie("old", {.domain = "example.com"});
    EXPECT_EQ(r.status_code, 201);
    EXPECT_EQ(r.body, "made");
    EXPECT_EQ(r.headers["content-type"], "text/plain; charset=utf-8");
    EXPECT_THAT(r.headers.get_all("set-cookie"),
                testing::ElementsAre("session=x; Max-Age=3600; Path=/; HttpOnly; SameSite=lax",
                                     "old=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
                                     "Path=/; Domain=example.com; SameSite=lax"));
    EXPECT_EQ(http::html("<p>").headers["content-type"], "text/html; charset=utf-8");
    EXPECT_EQ(http::json_response(std::vector<int>{1, 2}, 202).body, "[1,2]");
    EXPECT_EQ(http::json_response(7).json<int>(), 7);
}

TEST(responses, redirect_to_urls_that_are_encoded) {
    const http::response r = http::redirect("/a b?c=\xc3\xa4%20\r\n#d", 303);
    EXPECT_EQ(r.status_code, 303);
    EXPECT_EQ(r.headers["location"], "/a%20b?c=%C3%A4%20%0D%0A#d");
    EXPECT_EQ(http::redirect("https://example.com/").status_code, 307);
}

TEST(responses, that_were_long_give_their_memory_back) {
    http::response r(std::string(1'000'000, 'x'));
    http::detail::response_parts::clear(r);
    EXPECT_LT(r.body.capacity(), 1000u);
    EXPECT_TRUE(r.headers.empty());
    r.body = std::string(1000, 'x');
    http::detail::response_parts::clear(r);
    EXPECT_GE(r.body.capacity(), 1000u) << "of short ones it is used again";
}

TEST(errors, hold_a_detail_of_any_type) {
    EXPECT_EQ(http::error(404).detail(), "\"Not Found\"");
    EXPECT_EQ(http::error(404, "no \"x\"").detail(), "\"no \\\"x\\\"\"");
    EXPECT_STREQ(http::error(404, "no item").what(), "404: no item");
    EXPECT_EQ(http::error(409, std::vector<int>{1, 2}).detail(), "[1,2]");
    const http::error error(401, "who?", {{"WWW-Authenticate", "Bearer"}});
    EXPECT_EQ(error.headers()["www-authenticate"], "Bearer");
    EXPECT_EQ(error.status_code(), 401);
    EXPECT_THROW(http::error(99), std::invalid_argument);
    EXPECT_THROW(http::error(600, "x"), std::invalid_argument);
    EXPECT_EQ(http::detail::phrase_of(599), "");
    EXPECT_EQ(http::detail::phrase_of(42), "");
}
