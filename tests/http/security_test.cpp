// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace http = rondo::http;

namespace {

class security : public testing::Test {
protected:
    http::response get(const http::headers& h = {}, std::string_view url = "/") {
        http::test_client client(app);
        return client.get(url, h);
    }
    http::app app;
};

TEST_F(security, a_bearer_token_is_a_string) {
    app.get("/", [](http::oauth2_password_bearer<"token"> token) { return std::string(token); });
    EXPECT_EQ(get({{"authorization", "bearer  abc"}}).body, R"("abc")");
    const auto refused = get();
    EXPECT_EQ(refused.status_code, 401);
    EXPECT_EQ(refused.body, R"({"detail":"Not authenticated"})");
    EXPECT_EQ(refused.headers["www-authenticate"], "Bearer");
    EXPECT_EQ(get({{"authorization", "Basic abc"}}).status_code, 401);
    EXPECT_EQ(get({{"authorization", "Bearer"}}).status_code, 401);
}

TEST_F(security, basic_credentials_are_read_from_base64) {
    app.get("/", [](http::http_basic who) { return who.username + "/" + who.password; });
    EXPECT_EQ(get({{"authorization", "Basic YWxpY2U6c2U6Y3JldA=="}}).body, R"("alice/se:cret")");
    for (const char* wrong : {"Basic YWxpY2U=", "Basic ?", "Basic", "Bearer YWxpY2U6cw=="}) {
        EXPECT_EQ(get({{"authorization", wrong}}).status_code, 401) << wrong;
    }
}

TEST_F(security, a_key_is_in_a_header_a_query_or_a_cookie) {
    app.get("/h", [](http::api_key_header<"x-key"> k) { return std::string(k); });
    app.get("/q", [](http::api_key_query<"key"> k) { return std::string(k); });
    app.get("/c", [](http::api_key_cookie<"key"> k) { return std::string(k); });
    EXPECT_EQ(get({{"x-key", "1"}}, "/h").body, R"("1")");
    EXPECT_EQ(get({}, "/q?key=2").body, R"("2")");
    EXPECT_EQ(get({{"cookie", "key=3"}}, "/c").body, R"("3")");
    EXPECT_EQ(get({}, "/h").status_code, 401);
}

TEST_F(security, an_optional_one_does_not_refuse) {
    app.get("/", [](std::optional<http::http_bearer> token) { return token.has_value(); });
    EXPECT_EQ(get().body, "false");
    EXPECT_EQ(get({{"authorization", "Bearer x"}}).body, "true");
}

TEST_F(security, secrets_are_compared_whole) {
    EXPECT_TRUE(http::compare_digest("abc", "abc"));
    EXPECT_FALSE(http::compare_digest("abc", "abd"));
    EXPECT_FALSE(http::compare_digest("abc", "abcd"));
    EXPECT_TRUE(http::compare_digest("", ""));
}

TEST_F(security, schemes_stand_in_the_document) {
    app.get("/", [](http::oauth2_password_bearer<"token">) { return 1; });
    const auto document = app.get_openapi();
    EXPECT_EQ(rondo::json::dumps(document["components"]["securitySchemes"]),
              R"({"OAuth2PasswordBearer":{"type":"oauth2","flows":{"password":{"scopes":{},)"
              R"("tokenUrl":"token"}}}})");
    EXPECT_EQ(rondo::json::dumps(document["paths"]["/"]["get"]["security"]),
              R"([{"OAuth2PasswordBearer":[]}])");
}

TEST_F(security, a_refusal_has_the_handler_of_its_status) {
    app.exception_handler(401, [](http::request&, const http::error& e) {
        return http::text("who are you? " + std::string(e.headers()["www-authenticate"]), 401);
    });
    app.get("/", [](http::http_bearer) { return 1; });
    EXPECT_EQ(get().body, "who are you? Bearer");
}

}  // namespace
