// SPDX-License-Identifier: MIT
#include "http/form.hpp"
#include "http/media_type.hpp"
#include "http/multipart.hpp"
#include "http/request_state.hpp"
#include "http/serving.hpp"
#include "net/temporary_path.hpp"
#include <rondo/http/error.hpp>
#include <rondo/http/upload_file.hpp>
#include <rondo/rondo.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo_test;
using http::detail::media_type;
using http::detail::multipart_reader;

namespace {

constexpr std::string_view form =
    "preamble\r\n--x\r\n"
    "Content-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x \t\r\n"
    "content-disposition:form-data;name=a\r\n\r\ntwo\r\nlines\r\n--\r\n-x\r\n--x\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--x\r\n"
    "Content-Disposition: form-data; name=\"f\"; filename=\"a \\\"b\\\".txt\"\r\n"
    "Content-Type: text/plain\r\n\r\n\r\nhello\r\n\r\n--x--\r\nepilogue";

http::request asked_with(std::string body, std::string_view type) {
    return http::detail::make_request("POST", "/", http::headers{{"content-type", type}},
                                      std::move(body), rondo::address());
}

http::detail::form_data read(std::string_view body,
                             std::string_view type = "multipart/form-data; boundary=x") {
    http::detail::form_data got;
    rondo::testing::run(
        [](std::string text, std::string_view of, http::detail::form_data& to) -> coro<void> {
            http::request asked = asked_with(std::move(text), of);
            to = co_await http::detail::read_form(asked.state_of());
        }(std::string(body), type, got));
    return got;
}

int status_of(std::string_view body, std::string_view type = "multipart/form-data; boundary=x") {
    try {
        read(body, type);
        return 200;
    } catch (const http::error& error) {
        return error.status_code();
    }
}

std::string part(std::string_view header, std::string_view body = "1") {
    return "--x\r\n" + std::string(header) + "\r\n\r\n" + std::string(body) + "\r\n--x--\r\n";
}

}  // namespace

TEST(media_types, have_a_name_and_parameters) {
    const media_type t(" Text/HTML ; Charset=\"utf-8;\\\"\" ; a=b ;c; d = e");
    EXPECT_TRUE(t.is("text/html"));
    EXPECT_EQ(t.parameter("charset"), "utf-8;\"");
    EXPECT_EQ(t.parameter("A"), "b");
    EXPECT_EQ(t.parameter("c"), std::nullopt);
    EXPECT_EQ(t.parameter("d"), "e");
    EXPECT_EQ(t.parameter("x"), std::nullopt);
    EXPECT_TRUE(media_type("application/problem+JSON; a=b").is_json());
    EXPECT_TRUE(media_type("Application/Json").is_json());
    EXPECT_FALSE(media_type("application/jsonl").is_json());
    EXPECT_FALSE(media_type("+json").is_json());
    EXPECT_EQ(media_type("").name(), "");
    EXPECT_EQ(media_type("a; b=\"").parameter("b"), "");
    EXPECT_EQ(media_type("a; b=\"\\").parameter("b"), "\\");
}

TEST(multipart, is_the_same_however_it_is_cut) {
    for (std::size_t piece = 1; piece <= form.size(); ++piece) {
        multipart_reader reader("x");
        std::size_t come = 0;
        std::string seen;
        auto what = reader.next();
        for (; what != multipart_reader::event::end; what = reader.next()) {
            ASSERT_NE(what, multipart_reader::event::refused) << reader.reason();
            if (what == multipart_reader::event::need_more) {
                ASSERT_LT(come, form.size());
                reader.feed(form.substr(come, piece));
                come += piece;
            } else if (what == multipart_reader::event::data) {
                seen += reader.data();
            } else {
                seen += what == multipart_reader::event::part ? '<' : '>';
            }
        }
        ASSERT_EQ(seen, "<1><two\r\nlines\r\n--\r\n-x><><\r\nhello\r\n>") << piece;
    }
}

TEST(forms, have_fields_and_files) {
    auto got = read(form);
    EXPECT_THAT(got.fields.get_all("a"), testing::ElementsAre("1", "two\r\nlines\r\n--\r\n-x"));
    EXPECT_EQ(got.fields.get("empty"), "");
    ASSERT_EQ(got.files.size(), 1u);
    EXPECT_EQ(got.files[0].first, "f");
    http::upload_file& file = got.files[0].second;
    EXPECT_EQ(file.filename(), "a \"b\".txt");
    EXPECT_EQ(file.content_type(), "text/plain");
    EXPECT_EQ(file.size(), 9u);
    rondo::testing::run([](http::upload_file& f) -> coro<void> {
        EXPECT_EQ(co_await f.read(4), "\r\nhe");
        EXPECT_EQ(co_await f.read(), "llo\r\n");
        EXPECT_EQ(co_await f.read(), "");
        f.seek(2);
        EXPECT_EQ(co_await f.read(5), "hello");
    }(file));
}

TEST(forms, may_be_urlencoded) {
    const auto got = read("a=1&b=two+%26&a=3", "application/x-www-form-urlencoded; charset=utf-8");
    EXPECT_THAT(got.fields.get_all("a"), testing::ElementsAre("1", "3"));
    EXPECT_EQ(got.fields["b"], "two &");
    EXPECT_TRUE(read("a=1", "text/plain").fields.empty());
    std::string many;
    for (int i = 0; i <= 1000; ++i) {
        many += "a&";
    }
    EXPECT_EQ(status_of(many, "application/x-www-form-urlencoded"), 400);
}

TEST(forms, that_are_malformed_are_refused) {
    const std::string named = "Content-Disposition: form-data; name=a";
    EXPECT_EQ(status_of(part(named)), 200);
    EXPECT_EQ(status_of("--x--"), 200);
    for (const std::string& body :
         {std::string(), std::string("--x"), std::string("--x\r\n"), std::string("--y--"),
          "--x\r\n" + named, "--x\r\n" + named + "\r\n\r\n1", part("X: y"), part(""),
          part("Content-Disposition: form-data"), part("Content-Disposition: attachment; name=a"),
          part(named + "\r\nno colon"), part(named + "\r\na b: c"), part(named + "\r\na: \x01"),
          std::string("--xy\r\n") + named, part(named + "\r\nx: " + std::string(9000, 'y')),
          part(named, std::string(1'048'577, 'v'))}) {
        EXPECT_EQ(status_of(body), 400) << body.substr(0, 200);
    }
    for (const std::string_view type :
         {"multipart/form-data",
          "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\tb\""}) {
        EXPECT_EQ(status_of(part(named), type), 400) << type;
    }
    std::string many;
    for (int i = 0; i <= 1000; ++i) {
        many += "--x\r\n" + named + "\r\n\r\n1\r\n";
    }
    EXPECT_EQ(status_of(many + "--x--"), 400);
}

TEST(forms, keep_long_files_on_the_disk) {
    std::string content;
    for (int i = 0; content.size() < 3'000'000; ++i) {
        content += std::to_string(i);
    }
    rondo::run([](std::string text) -> coro<void> {
        const std::string header = "Content-Disposition: form-data; name=f; filename=f";
        http::request asked = asked_with(part(header, text), "multipart/form-data; boundary=x");
        auto got = co_await http::detail::read_form(asked.state_of());
        EXPECT_EQ(got.files.size(), 1u);
        http::upload_file file = std::move(got.files.at(0).second);
        EXPECT_EQ(file.size(), text.size());
        EXPECT_EQ(co_await file.read(1000), text.substr(0, 1000));
        EXPECT_EQ(co_await file.read(), text.substr(1000));
        const temporary_path at;
        co_await file.save(at.string());
        EXPECT_EQ(co_await rondo::read_file(at.string()), text);
    }(content));
}
