// SPDX-License-Identifier: MIT

// Files as answers: ranges, conditions, and what may not be reached.
#include "http/conditions.hpp"
#include "http/mime.hpp"
#include "http/ranges.hpp"
#include "http/serving.hpp"
#include "net/on_kernel.hpp"
#include "net/temporary_path.hpp"
#include <rondo/http/static_files.hpp>
#include <rondo/rondo.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace rondo_test;
using http::detail::byte_range;
using http::detail::parse_ranges;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

std::string digits(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += static_cast<char>('0' + i % 10);
    }
    return text;
}

class files : public on_kernel {
protected:
    void SetUp() override {
        on_kernel::SetUp();
        write(root() + "/index.html", "<h1>");
        write(root() + "/a.txt", digits(20));
        write(root() + "/long.bin", digits(1'000'000));
        write(root() + "/empty.css", "");
        write(root() + "/sub/index.html", "<h2>");
        write(root() + "/sub/a b.json", "{}");
        write(root() + "/app.js", "plain");
        write(root() + "/app.js.gz", "packed");
        write(root() + "/.git/config", "secret");
        write(root() + "-beside/secret", "secret");
        fs::create_symlink(root() + "-beside/secret", root() + "/link");
        fs::create_symlink(root() + "-beside", root() + "/out");
        fs::create_symlink("a.txt", root() + "/inside");
        ::mkfifo((root() + "/fifo").c_str(), 0600);
    }
    void TearDown() override {
        fs::remove_all(root());
        fs::remove_all(root() + "-beside");
    }
    const std::string& root() const { return path_.string(); }

    /// What a server of that folder answers to "GET /<path>" with these headers, each alone.
    void ask(const std::vector<std::string>& requests, std::vector<std::string>& answers) {
        const http::static_files folder(root());
        scripted app([&](http::request& asked, http::response& answer) -> coro<void> {
            answer = folder.get(asked, asked.path().substr(1));
            co_return;
        });
        http::serve_options options;
        options.date_header = false;
        run([&]() -> coro<void> {
            co_await serve_while(app, options, [&](std::uint16_t port) -> coro<void> {
                for (const std::string& request : requests) {
                    answers.push_back(
                        co_await say(port, request + "Host: a\r\nConnection: close\r\n\r\n"));
                }
            });
        });
    }
    std::string get(const std::string& path, const std::string& headers = "") {
        std::vector<std::string> answers;
        ask({"GET /" + path + " HTTP/1.1\r\n" + headers}, answers);
        return answers.at(0);
    }
    static std::string header(const std::string& answer, const std::string& name) {
        const std::size_t at = answer.find("\r\n" + name + ": ");
        return at == answer.npos ? ""
                                 : answer.substr(at + name.size() + 4, answer.find("\r\n", at + 2) -
                                                                           at - name.size() - 4);
    }

private:
    temporary_path path_;
};
ON_EVERY_KERNEL_DRIVER(files);

std::vector<byte_range> ranges(std::string_view text, std::uint64_t size) {
    const auto wanted = parse_ranges(text, size);
    EXPECT_TRUE(wanted.valid) << text;
    return wanted.ranges;
}

}  // namespace

TEST(ranges, are_those_that_can_be_satisfied) {
    using all = std::vector<byte_range>;
    EXPECT_EQ(ranges("bytes=0-4", 10), (all{{0, 5}}));
    EXPECT_EQ(ranges("bytes=0-0", 10), (all{{0, 1}}));
    EXPECT_EQ(ranges("Bytes=5-", 10), (all{{5, 5}}));
    EXPECT_EQ(ranges("bytes=5-100", 10), (all{{5, 5}}));
    EXPECT_EQ(ranges("bytes=9-9", 10), (all{{9, 1}}));
    EXPECT_EQ(ranges("bytes=-3", 10), (all{{7, 3}}));
    EXPECT_EQ(ranges("bytes=-30", 10), (all{{0, 10}}));
    EXPECT_EQ(ranges("bytes=0-1, 4-5 ,-1", 10), (all{{0, 2}, {4, 2}, {9, 1}}));
    EXPECT_EQ(ranges("bytes=10-", 10), all());
    EXPECT_EQ(ranges("bytes=-0", 10), all());
    EXPECT_EQ(ranges("bytes=0-", 0), all());
    EXPECT_EQ(ranges("bytes=20-30,0-0", 10), (all{{0, 1}}));
    EXPECT_EQ(ranges("bytes=0-18446744073709551615", 10), (all{{0, 10}}));
    for (const std::string_view bad :
         {"", "bytes", "bytes=", "bytes=a-b", "bytes=1", "bytes=-", "bytes=5-4", "bytes=0-1,x",
          "items=0-4", "bytes=0-4;5", "bytes=+0-4", "bytes=0x0-4", "bytes= 0 - 4",
          "bytes=0-18446744073709551616", "bytes=0-,0-", "bytes=0-5,4-9,3-4",
          "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,0-0,0-0,0-0,0-0,0-0,0-0,0-0"}) {
        EXPECT_FALSE(parse_ranges(bad, 10).valid && !parse_ranges(bad, 10).ranges.empty()) << bad;
    }
}

TEST(conditions, are_evaluated_in_their_order) {
    http::detail::validators state;
    state.etag = "\"x\"";
    state.modified = std::chrono::sys_seconds(std::chrono::seconds(784111777));
    const std::string same = "Sun, 06 Nov 1994 08:49:37 GMT";
    const std::string before = "Sun, 06 Nov 1994 08:49:36 GMT";
    const auto status = [&](http::headers asked) {
        return http::detail::evaluate_conditions(asked, state);
    };
    EXPECT_EQ(status({}), 200);
    EXPECT_EQ(status({{"if-none-match", "\"x\""}}), 304);
    EXPECT_EQ(status({{"if-none-match", "\"y\", W/\"x\""}}), 304);
    EXPECT_EQ(status({{"if-none-match", "*"}}), 304);
    EXPECT_EQ(status({{"if-none-match", "\"y\""}}), 200);
    EXPECT_EQ(status({{"if-none-match", "\"y\""}, {"if-modified-since", same}}), 200);
    EXPECT_EQ(status({{"if-modified-since", same}}), 304);
    EXPECT_EQ(status({{"if-modified-since", before}}), 200);
    EXPECT_EQ(status({{"if-modified-since", "yesterday"}}), 200);
    EXPECT_EQ(status({{"if-match", "\"x\""}}), 200);
    EXPECT_EQ(status({{"if-match", "W/\"x\""}}), 412);
    EXPECT_EQ(status({{"if-match", "\"y\""}}), 412);
    EXPECT_EQ(status({{"if-unmodified-since", before}}), 412);
    EXPECT_EQ(status({{"if-unmodified-since", same}}), 200);
    const auto applies = [&](std::string_view value) {
        return http::detail::range_applies(http::headers{{"if-range", value}}, state);
    };
    EXPECT_TRUE(applies("\"x\""));
    EXPECT_FALSE(applies("W/\"x\""));
    EXPECT_FALSE(applies("\"y\""));
    EXPECT_TRUE(applies(same));
    EXPECT_FALSE(applies(before));
    EXPECT_FALSE(applies("yesterday"));
}

TEST_P(files, are_sent_with_their_type_and_validators) {
    const std::string text = get("a.txt");
    EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(text, EndsWith("\r\n\r\n" + digits(20)));
    EXPECT_EQ(header(text, "content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(header(text, "content-length"), "20");
    EXPECT_EQ(header(text, "accept-ranges"), "bytes");
    EXPECT_EQ(header(text, "vary"), "accept-encoding");
    const std::string etag = header(text, "etag");
    EXPECT_EQ(get("a.txt", "If-None-Match: " + etag + "\r\n").substr(0, 26),
              "HTTP/1.1 304 Not Modified\r");
    EXPECT_THAT(get("a.txt", "If-Modified-Since: " + header(text, "last-modified") + "\r\n"),
                StartsWith("HTTP/1.1 304 "));
    EXPECT_THAT(get("a.txt", "If-Match: \"other\"\r\n"), StartsWith("HTTP/1.1 412 "));
    EXPECT_THAT(get("long.bin"), EndsWith("\r\n\r\n" + digits(1'000'000)));
    EXPECT_THAT(get("empty.css"), HasSubstr("content-length: 0\r\n"));
    EXPECT_THAT(get("inside"), EndsWith(digits(20)));
    EXPECT_EQ(header(get("sub/a%20b.json"), "content-type"), "application/json");
}

TEST_P(files, may_be_asked_for_by_ranges) {
    const std::string part = get("a.txt", "Range: bytes=5-7\r\n");
    EXPECT_THAT(part, StartsWith("HTTP/1.1 206 Partial Content\r\n"));
    EXPECT_EQ(header(part, "content-range"), "bytes 5-7/20");
    EXPECT_THAT(part, EndsWith("\r\n\r\n567"));
    EXPECT_THAT(get("long.bin", "Range: bytes=-300000\r\n"),
                EndsWith("\r\n\r\n" + digits(300'000)));
    const std::string none = get("a.txt", "Range: bytes=20-\r\n");
    EXPECT_THAT(none, StartsWith("HTTP/1.1 416 Range Not Satisfiable\r\n"));
    EXPECT_EQ(header(none, "content-range"), "bytes */20");
    EXPECT_THAT(get("a.txt", "Range: bytes=5-7\r\nIf-Range: \"other\"\r\n"), EndsWith(digits(20)));

    const std::string several = get("a.txt", "Range: bytes=0-1,-2\r\n");
    const std::string type = header(several, "content-type");
    EXPECT_THAT(type, StartsWith("multipart/byteranges; boundary="));
    const std::string boundary = type.substr(type.find('=') + 1);
    const std::string body = several.substr(several.find("\r\n\r\n") + 4);
    const std::string before = "\r\n--" + boundary + "\r\ncontent-type: text/plain; charset=utf-8" +
                               "\r\ncontent-range: bytes ";
    EXPECT_EQ(body, before + "0-1/20\r\n\r\n01" + before + "18-19/20\r\n\r\n89\r\n--" + boundary +
                        "--\r\n");
    EXPECT_EQ(header(several, "content-length"), std::to_string(body.size()));
}

TEST_P(files, of_a_folder_are_its_index) {
    EXPECT_THAT(get(""), EndsWith("<h1>"));
    EXPECT_THAT(get("sub/"), EndsWith("<h2>"));
    EXPECT_THAT(get("sub"), StartsWith("HTTP/1.1 404 "));
}

TEST_P(files, that_are_packed_are_sent_to_those_who_can_unpack_them) {
    const std::string packed = get("app.js", "Accept-Encoding: br;q=1, gzip\r\n");
    EXPECT_THAT(packed, EndsWith("\r\n\r\npacked"));
    EXPECT_EQ(header(packed, "content-encoding"), "gzip");
    EXPECT_EQ(header(packed, "content-type"), "text/javascript; charset=utf-8");
    EXPECT_THAT(get("app.js", "Accept-Encoding: gzip;q=0.0\r\n"), EndsWith("\r\n\r\nplain"));
    EXPECT_THAT(get("app.js"), EndsWith("\r\n\r\nplain"));
}

TEST_P(files, that_are_hidden_or_elsewhere_are_not_found) {
    std::vector<std::string> requests;
    const std::string beside = fs::path(root()).filename().string() + "-beside/secret";
    for (const std::string& path : std::vector<std::string>{
             "missing", ".git/config", "sub/../a.txt", "../" + beside, "%2e%2e/" + beside,
             "sub/%2e%2e/a.txt", "link", "out/secret", "fifo", "/a.txt", "sub//a%20b.json",
             "..%2f" + beside, "%00", "a.txt%00", "sub%5ca%20b.json", "a.txt/", "/etc/passwd"}) {
        requests.push_back("GET /" + path + " HTTP/1.1\r\n");
    }
    std::vector<std::string> answers;
    ask(requests, answers);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        EXPECT_THAT(answers[i], StartsWith("HTTP/1.1 404 Not Found\r\n")) << requests[i];
        EXPECT_THAT(answers[i], Not(HasSubstr("secret"))) << requests[i];
    }
}

TEST_P(files, for_head_have_no_body) {
    std::vector<std::string> answers;
    ask({"HEAD /a.txt HTTP/1.1\r\n", "HEAD /a.txt HTTP/1.1\r\nRange: bytes=0-1\r\n"}, answers);
    for (const std::string& text : answers) {
        EXPECT_EQ(header(text, "content-length"), "20");
        EXPECT_THAT(text, EndsWith("\r\n\r\n"));
    }
}

TEST(file_answers, may_have_a_name) {
    EXPECT_EQ(http::file("/x.pdf").headers["content-type"], "application/pdf");
    http::file_options options;
    options.filename = "caf\xc3\xa9 \"1\".pdf";
    EXPECT_EQ(http::file("/x.pdf", options).headers["content-disposition"],
              "attachment; filename=\"caf__ _1_.pdf\"; filename*=UTF-8''caf%C3%A9%20%221%22.pdf");
    options.filename = "a.pdf";
    options.content_disposition = "inline";
    EXPECT_EQ(http::file("/x.pdf", options).headers["content-disposition"],
              "inline; filename=\"a.pdf\"");
    options.content_disposition = "x\r\ny";
    EXPECT_THROW(http::file("/x.pdf", options), std::invalid_argument);
    EXPECT_EQ(http::detail::media_type_of("/a.b/c"), "application/octet-stream");
    EXPECT_EQ(http::detail::media_type_of("a.JPG"), "image/jpeg");
    EXPECT_THROW(http::static_files("/no/such/folder"), std::system_error);
}
