// SPDX-License-Identifier: MIT
#include "http/body_decoder.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

using rondo::http::detail::body_decoder;
using rondo::http::detail::message_head;

struct decoded {
    int status = 0;  // of the refusal; 200 for a body that is whole, 0 for one that is not
    std::string body;
    std::size_t used = 0;
};

message_head chunked() {
    message_head head;
    head.chunked = true;
    return head;
}

/// Decodes what comes in pieces of one size.
decoded decode(std::string_view text, std::size_t piece, const message_head& head = chunked(),
               std::uint64_t max_size = 1000) {
    body_decoder decoder;
    decoder.begin(head);
    decoded got;
    std::size_t come = 0;
    while (true) {
        const auto out = decoder.decode(text.substr(got.used, come - got.used), max_size);
        got.used += decoder.used();
        if (out == body_decoder::outcome::data) {
            got.body += decoder.data();
        } else if (out == body_decoder::outcome::end) {
            got.status = 200;
            return got;
        } else if (out == body_decoder::outcome::refused) {
            got.status = decoder.refused().status;
            return got;
        } else if (come == text.size()) {
            return got;
        } else {
            come = std::min(come + piece, text.size());
        }
    }
}

void expect_status(int status, const std::vector<std::string>& bodies) {
    for (const std::string& body : bodies) {
        for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, body.size()}) {
            EXPECT_EQ(decode(body, piece).status, status)
                << testing::PrintToString(body) << " in pieces of " << piece;
        }
    }
}

}  // namespace

TEST(bodies, of_a_known_length_end_there) {
    message_head head;
    head.content_length = 5;
    for (std::size_t piece = 1; piece <= 10; ++piece) {
        const decoded got = decode("helloworld", piece, head);
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, "hello");
        EXPECT_EQ(got.used, 5u);
    }
    EXPECT_EQ(decode("hell", 4, head).status, 0);
    EXPECT_EQ(decode("hello", 1, head, 5).status, 200);
    EXPECT_EQ(decode("", 1, head, 4).status, 413);
    EXPECT_EQ(decode("x", 1, message_head()).used, 0u);
    EXPECT_EQ(decode("x", 1, message_head()).status, 200);
}

TEST(bodies, in_chunks_are_joined_at_every_split) {
    const std::string text =
        "5\r\nhello\r\n"
        "00A;name=value;q=\"a;b\"\r\n, \r\nworld!\r\n"
        "0;last\r\nTrailer: 1\r\nOther:\r\n\r\nGET ";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        const decoded got = decode(text, piece);
        EXPECT_EQ(got.status, 200) << piece;
        EXPECT_EQ(got.body, "hello, \r\nworld!");
        EXPECT_EQ(got.used, text.size() - 4);
    }
    for (std::size_t size = 0; size < text.size() - 4; ++size) {
        EXPECT_EQ(decode(std::string_view(text).substr(0, size), 7).status, 0) << size;
    }
}

TEST(bodies, in_chunks_that_are_malformed_are_refused) {
    expect_status(400, {"\r\n",
                        " 5\r\nhello\r\n0\r\n\r\n",
                        "5 \r\nhello\r\n0\r\n\r\n",
                        "5\t\r\nhello\r\n0\r\n\r\n",
                        "5 ;a\r\nhello\r\n0\r\n\r\n",
                        "+5\r\nhello\r\n0\r\n\r\n",
                        "-5\r\nhello\r\n0\r\n\r\n",
                        "-1\r\n",
                        "0x5\r\nhello\r\n0\r\n\r\n",
                        "x5\r\nhello\r\n0\r\n\r\n",
                        "5h\r\nhello\r\n0\r\n\r\n",
                        "5,5\r\nhello\r\n0\r\n\r\n",
                        "g\r\n",
                        ";a\r\n",
                        "\"5\"\r\n",
                        "00000000000000005\r\nhello\r\n0\r\n\r\n",
                        "10000000000000000\r\n",
                        "5\nhello\r\n0\r\n\r\n",
                        "5\r\nhello\n0\r\n\r\n",
                        "5\r\nhello\r0\r\n\r\n",
                        "5\r\nhello0\r\n\r\n",
                        "5\r\nhello!\r\n0\r\n\r\n",
                        "5\r\nhell\r\n0\r\n\r\n",
                        "5\rhello\r\n0\r\n\r\n",
                        "5\r\rhello\r\n0\r\n\r\n",
                        "5;a\x01\r\nhello\r\n0\r\n\r\n",
                        "5;a\rb\r\nhello\r\n0\r\n\r\n",
                        "5;a\nhello\r\n0\r\n\r\n",
                        "5;" + std::string(255, 'a') + "\r\nhello\r\n0\r\n\r\n",
                        std::string(300, '0'),
                        "0\n\r\n",
                        "0\r\n\n",
                        "0\r\nTrailer\r\n\r\n",
                        "0\r\n: a\r\n\r\n",
                        "0\r\na b: c\r\n\r\n",
                        "0\r\na : c\r\n\r\n",
                        "0\r\na: b\r\n c\r\n\r\n",
                        "0\r\na: \x01\r\n\r\n",
                        "0\r\na: b\n\r\n",
                        "0\r\n\r\r\n",
                        "0\r\na: " + std::string(9000, 'b') + "\r\n\r\n"});
}

TEST(bodies, in_chunks_have_limits) {
    expect_status(200, {"5;" + std::string(254, 'a') + "\r\nhello\r\n0\r\n\r\n",
                        "0000000000000005\r\nhello\r\n0\r\n\r\n",
                        "3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n"});
    expect_status(
        413, {"3e9\r\n", "ffffffffffffffff\r\n", "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n"});

    std::string extended;
    for (int i = 0; i < 64; ++i) {
        extended += "1;" + std::string(254, 'a') + "\r\nx\r\n";
    }
    EXPECT_EQ(decode(extended, 1000).status, 0);
    EXPECT_EQ(decode(extended, 1000).body.size(), 64u);
    EXPECT_EQ(decode(extended + "1;" + std::string(100, 'a') + "\r\n", 1000).status, 400);

    std::string trailers = "0\r\n";
    for (int i = 0; i < 64; ++i) {
        trailers += "a: b\r\n";
    }
    EXPECT_EQ(decode(trailers + "\r\n", 1000).status, 200);
    EXPECT_EQ(decode(trailers + "a: b\r\n", 1000).status, 400);
    const std::string long_line = "a: " + std::string(4000, 'b') + "\r\n";
    EXPECT_EQ(decode("0\r\n" + long_line + long_line + "\r\n", 1000).status, 200);
    EXPECT_EQ(decode("0\r\n" + long_line + long_line + long_line, 1000).status, 400);
}
