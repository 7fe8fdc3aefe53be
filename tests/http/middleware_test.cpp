// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace http = rondo::http;

namespace {

class middleware : public testing::Test {
protected:
    void SetUp() override {
        app.get("/", [] { return std::string(600, 'x'); });
        app.put("/", [] { return 1; });
    }
    http::response send(std::string_view method, const http::headers& h) {
        http::test_client client(app);
        return client.request(method, "/", {}, h);
    }
    http::app app;
};

class cors : public middleware {
protected:
    void allow(http::cors_options options) { app.middleware(http::cors(std::move(options))); }
};

TEST_F(cors, names_an_origin_that_is_allowed) {
    allow({.allow_origins = {"https://a.example"}, .expose_headers = {"x-count"}});
    const auto answer = send("GET", {{"origin", "https://a.example"}});
    EXPECT_EQ(answer.headers["access-control-allow-origin"], "https://a.example");
    EXPECT_EQ(answer.headers["access-control-expose-headers"], "x-count");
    EXPECT_EQ(answer.headers["vary"], "Origin");
}

TEST_F(cors, says_nothing_to_others_and_to_those_without_an_origin) {
    allow({.allow_origins = {"https://a.example"}});
    const auto other = send("GET", {{"origin", "https://b.example"}});
    EXPECT_EQ(other.status_code, 200);
    EXPECT_FALSE(other.headers.contains("access-control-allow-origin"));
    EXPECT_FALSE(send("GET", {}).headers.contains("access-control-allow-origin"));
}

TEST_F(cors, allows_every_origin_but_names_it_where_there_are_credentials) {
    allow({.allow_origins = {"*"}});
    EXPECT_EQ(send("GET", {{"origin", "https://b"}}).headers["access-control-allow-origin"], "*");
    const auto with_cookie = send("GET", {{"origin", "https://b"}, {"cookie", "a=1"}});
    EXPECT_EQ(with_cookie.headers["access-control-allow-origin"], "https://b");
}

TEST_F(cors, answers_a_preflight_request_itself) {
    allow({.allow_origins = {"https://a"}, .allow_methods = {"PUT"}, .allow_headers = {"X-Token"}});
    const auto good = send("OPTIONS", {{"origin", "https://a"},
                                       {"access-control-request-method", "PUT"},
                                       {"access-control-request-headers", "x-token, accept"}});
    EXPECT_EQ(good.status_code, 200);
    EXPECT_EQ(good.headers["access-control-allow-methods"], "PUT");
    EXPECT_EQ(good.headers["access-control-allow-headers"], "X-Token");
    EXPECT_EQ(good.headers["access-control-max-age"], "600");
    const auto bad = send("OPTIONS", {{"origin", "https://b"},
                                      {"access-control-request-method", "GET"},
                                      {"access-control-request-headers", "x-other"}});
    EXPECT_EQ(bad.status_code, 400);
    EXPECT_EQ(bad.body, "Disallowed CORS origin, method, headers");
    EXPECT_FALSE(bad.headers.contains("access-control-allow-origin"));
}

TEST_F(middleware, compresses_what_is_text_and_long_enough) {
    app.middleware(http::compress());
    const auto answer = send("GET", {{"accept-encoding", "br, gzip;q=0.5"}});
    EXPECT_EQ(answer.headers["content-encoding"], "gzip");
    EXPECT_EQ(answer.headers["vary"], "Accept-Encoding");
    EXPECT_LT(answer.body.size(), 60U);
    EXPECT_TRUE(answer.body.starts_with("\x1f\x8b"));
    EXPECT_FALSE(send("PUT", {{"accept-encoding", "gzip"}}).headers.contains("content-encoding"));
}

TEST_F(middleware, does_not_compress_for_those_who_do_not_accept_it) {
    app.middleware(http::compress());
    for (const char* accepted : {"", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0"}) {
        const auto answer = send("GET", {{"accept-encoding", accepted}});
        EXPECT_FALSE(answer.headers.contains("content-encoding")) << accepted;
        EXPECT_EQ(answer.headers["vary"], "Accept-Encoding");
    }
    EXPECT_TRUE(send("GET", {{"accept-encoding", "*"}}).headers.contains("content-encoding"));
}

TEST_F(middleware, weakens_the_validator_of_what_it_compresses) {
    app.get("/tagged", [] {
        http::response r = http::text(std::string(600, 'y'));
        r.headers.set("etag", "\"1\"");
        return r;
    });
    app.middleware(http::compress());
    http::test_client client(app);
    EXPECT_EQ(client.get("/tagged", {{"accept-encoding", "gzip"}}).headers["etag"], "W/\"1\"");
}

TEST_F(middleware, refuses_a_level_that_zlib_does_not_have) {
    EXPECT_THROW(http::compress({.level = 0}), std::invalid_argument);
}

TEST_F(middleware, trusts_hosts_by_name_and_by_domain) {
    app.middleware(http::trusted_host({"example.com", "*.example.org"}));
    for (const char* host : {"example.com", "EXAMPLE.com:8000", "a.example.org"}) {
        EXPECT_EQ(send("GET", {{"host", host}}).status_code, 200) << host;
    }
    for (const char* host : {"example.net", "example.org", "evilexample.com", "[::1]:80"}) {
        EXPECT_EQ(send("GET", {{"host", host}}).status_code, 400) << host;
    }
}

TEST_F(middleware, redirects_to_https) {
    app.middleware(http::https_redirect());
    const auto answer = send("GET", {{"host", "example.com"}});
    EXPECT_EQ(answer.status_code, 307);
    EXPECT_EQ(answer.headers["location"], "https://example.com/");
}

TEST_F(middleware, a_status_has_an_answer_of_its_own) {
    app.exception_handler(404, [](http::request& r, const http::error&) {
        return http::html("no " + std::string(r.path()), 404);
    });
    http::test_client client(app);
    EXPECT_EQ(client.get("/nowhere").body, "no /nowhere");
    EXPECT_EQ(client.get("/").status_code, 200);
}

// ---- sessions

class session : public middleware {
protected:
    void SetUp() override {
        app.middleware(http::sessions("0123456789abcdef"));
        app.post("/login", [](http::request& r) { r.session()["user"] = "alice"; });
        app.post("/logout", [](http::request& r) { r.session().erase("user"); });
        app.get("/me", [](http::request& r) {
            const rondo::json::value* user = r.session().find("user");
            return user != nullptr ? user->get<std::string>() : std::string("nobody");
        });
    }
    http::response call(std::string_view method, std::string_view url, std::string_view cookie) {
        http::test_client client(app);
        http::headers h;
        if (!cookie.empty()) {
            h.set("cookie", cookie);
        }
        return client.request(method, url, {}, h);
    }
    static std::string cookie_of(const http::response& answer) {
        const std::string set = answer.headers["set-cookie"];
        return set.substr(0, set.find(';'));
    }
};

TEST_F(session, goes_along_in_a_signed_cookie) {
    const auto answer = call("POST", "/login", "");
    EXPECT_NE(answer.headers["set-cookie"].find("HttpOnly"), std::string::npos);
    EXPECT_EQ(call("GET", "/me", cookie_of(answer)).body, R"("alice")");
    EXPECT_EQ(call("GET", "/me", "").body, R"("nobody")");
}

TEST_F(session, is_empty_when_any_byte_was_changed) {
    const std::string good = cookie_of(call("POST", "/login", ""));
    for (std::size_t i = std::string("session=").size(); i < good.size(); ++i) {
        std::string forged = good;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(call("GET", "/me", forged).body, R"("nobody")") << i;
    }
    EXPECT_EQ(call("GET", "/me", "session=").body, R"("nobody")");
    EXPECT_EQ(call("GET", "/me", "session=a.b").body, R"("nobody")");
}

TEST_F(session, that_is_emptied_is_forgotten_by_the_browser) {
    const std::string good = cookie_of(call("POST", "/login", ""));
    const auto answer = call("POST", "/logout", good);
    EXPECT_NE(answer.headers["set-cookie"].find("Max-Age=0"), std::string::npos);
}

TEST_F(session, needs_a_secret_and_a_middleware) {
    EXPECT_THROW(http::sessions("short"), std::invalid_argument);
    http::app other;
    other.get("/", [](http::request& r) { return r.session().size(); });
    http::test_client client(other);
    testing::internal::CaptureStderr();
    EXPECT_EQ(client.get("/").status_code, 500);
    EXPECT_NE(testing::internal::GetCapturedStderr().find("http::sessions"), std::string::npos);
}

// ---- mounts

class mounts : public testing::Test {
protected:
    static constexpr const char* folder = RONDO_TEST_DIR;
    http::response get(std::string_view url, const http::headers& h = {}) {
        http::test_client client(app);
        return client.get(url, h);
    }
    http::app app;
};

TEST_F(mounts, files_lie_below_their_prefix_and_operations_win) {
    app.mount("/static", http::static_files(folder));
    app.get("/static/special", [] { return 1; });
    EXPECT_TRUE(get("/static/middleware_test.cpp").body.starts_with("// SPDX"));
    EXPECT_EQ(get("/static/special").body, "1");
    EXPECT_EQ(get("/static/none").status_code, 404);
    EXPECT_EQ(get("/staticmiddleware_test.cpp").status_code, 404);
    http::test_client client(app);
    EXPECT_EQ(client.del("/static/middleware_test.cpp").status_code, 405);
}

TEST_F(mounts, an_application_sees_the_rest_of_the_path) {
    http::app inner;
    inner.get("/items/{id}", [](int id, http::request& r) {
        return std::to_string(id) + " " + std::string(r.path());
    });
    inner.get("/slash/", [] { return 1; });
    app.mount("/api", std::move(inner));
    EXPECT_EQ(get("/api/items/7").body, R"("7 /api/items/7")");
    EXPECT_EQ(get("/api/nothing").status_code, 404);
    EXPECT_EQ(get("/api/slash").headers["location"], "/api/slash/");
    EXPECT_EQ(get("/api/openapi.json").status_code, 200);
}

TEST_F(mounts, a_frontend_knows_its_pages_itself) {
    app.get("/api", [] { return 1; });
    app.frontend("/", std::string(folder) + "/frontend");
    EXPECT_EQ(get("/", {{"accept", "text/html"}}).body, "<h1>page</h1>\n");
    EXPECT_EQ(get("/users/7", {{"accept", "text/html,*/*"}}).body, "<h1>page</h1>\n");
    EXPECT_EQ(get("/users/7.js", {{"accept", "*/*"}}).status_code, 404);
    EXPECT_EQ(get("/api").body, "1");
}

TEST_F(mounts, a_prefix_is_taken_once) {
    app.mount("/a", http::static_files(folder));
    EXPECT_THROW(app.mount("/a/", http::static_files(folder)), std::logic_error);
    EXPECT_THROW(app.mount("a", http::static_files(folder)), std::logic_error);
}

TEST_F(mounts, files_are_only_read_and_who_writes_gets_the_answer_of_that_status) {
    app.mount("/static", http::static_files(folder));
    app.exception_handler(405, [](http::request&, const http::error& e) {
        return http::text("only " + std::string(e.headers()["allow"]), 405);
    });
    http::test_client client(app);
    EXPECT_EQ(client.del("/static/middleware_test.cpp").body, "only GET, HEAD");
}

}  // namespace
