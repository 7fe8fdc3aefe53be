// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace http = rondo::http;

namespace {

class routing : public testing::Test {
protected:
    http::response send(std::string_view method, std::string_view url) {
        http::test_client client(app);
        return client.request(method, url);
    }
    std::string get(std::string_view url) {
        const auto response = send("GET", url);
        return response.status_code == 200 ? response.body : std::to_string(response.status_code);
    }
    http::app app;
};

TEST_F(routing, text_wins_over_a_name_whatever_the_order) {
    app.get("/users/{id}", [](std::string id) { return id; });
    app.get("/users/me", [] { return std::string("it is me"); });
    EXPECT_EQ(get("/users/me"), R"("it is me")");
    EXPECT_EQ(get("/users/you"), R"("you")");
}

TEST_F(routing, a_name_that_fits_less_is_tried_after_a_text_that_leads_nowhere) {
    app.get("/a/x/1", [] { return 1; });
    app.get("/a/{b}/2", [](std::string b) { return b; });
    EXPECT_EQ(get("/a/x/2"), R"("x")");
    EXPECT_EQ(get("/a/x/1"), "1");
}

TEST_F(routing, converters_match_only_such_segments) {
    app.get("/{n:int}", [](int n) { return n; });
    app.get("/{x:float}", [](double x) { return x; });
    app.get("/{u:uuid}", [](rondo::uuid u) { return u; });
    app.get("/{s}", [](std::string s) { return s; });
    EXPECT_EQ(get("/7"), "7");
    EXPECT_EQ(get("/7.5"), "7.5");
    EXPECT_EQ(get("/11111111-2222-4333-8444-555555555555"),
              R"("11111111-2222-4333-8444-555555555555")");
    EXPECT_EQ(get("/-7"), R"("-7")");
}

TEST_F(routing, a_path_takes_the_rest_with_its_slashes) {
    app.get("/files/{file_path:path}", [](std::string p) { return p; });
    EXPECT_EQ(get("/files/home/a%20b.txt"), R"("home/a b.txt")");
    EXPECT_EQ(get("/files/"), R"("")");
}

TEST_F(routing, an_escaped_slash_separates_nothing) {
    app.get("/{a}", [](std::string a) { return a; });
    app.get("/{a}/{b}", [](std::string a, std::string b) { return a + "|" + b; });
    EXPECT_EQ(get("/x%2Fy"), R"("x/y")");
    EXPECT_EQ(get("/x%2Fy/z"), R"("x/y|z")");
}

TEST_F(routing, text_is_compared_decoded) {
    app.get("/a b/c", [] { return 1; });
    EXPECT_EQ(get("/a%20b/c"), "1");
}

TEST_F(routing, a_wrong_method_names_the_right_ones) {
    app.get("/x", [] { return 1; });
    app.put("/x", [] { return 1; });
    const auto response = send("POST", "/x");
    EXPECT_EQ(response.status_code, 405);
    EXPECT_EQ(response.headers["allow"], "GET, PUT");
    EXPECT_EQ(response.body, R"({"detail":"Method Not Allowed"})");
}

TEST_F(routing, nothing_there_is_not_found) {
    EXPECT_EQ(send("GET", "/x").body, R"({"detail":"Not Found"})");
    EXPECT_EQ(send("GET", "/x").status_code, 404);
}

TEST_F(routing, a_missing_slash_is_redirected) {
    app.get("/items/", [] { return 1; });
    app.get("/users", [] { return 1; });
    EXPECT_EQ(send("GET", "/items?a=1").status_code, 307);
    EXPECT_EQ(send("GET", "/items?a=1").headers["location"], "/items/?a=1");
    EXPECT_EQ(send("GET", "/users/").headers["location"], "/users");
    EXPECT_EQ(send("GET", "//evil.example/").status_code, 404);
}

TEST_F(routing, head_is_served_by_get) {
    app.get("/x", [] { return 1; });
    EXPECT_EQ(send("HEAD", "/x").status_code, 200);
}

TEST_F(routing, parameters_by_name_and_by_order_may_be_mixed) {
    app.get("/{a}/{b}/{c}", [](std::string first, http::path<std::string, "b"> b, int c) {
        return first + b + std::to_string(c);
    });
    EXPECT_EQ(get("/x/y/3"), R"("xy3")");
}

TEST_F(routing, the_same_route_twice_is_said_when_the_app_begins) {
    app.get("/x/{a}", [](int a) { return a; });
    app.get("/x/{b}", [](int b) { return b; });
    try {
        http::test_client client(app);
        FAIL() << "began";
    } catch (const std::logic_error& e) {
        EXPECT_STREQ(e.what(), "GET /x/{b}: the app has this route already, as GET /x/{a}");
    }
}

TEST_F(routing, routers_nest_under_their_prefixes) {
    http::router inner("/inner");
    inner.get("/{n}", [](int n) { return n; });
    http::router outer(http::router_options{.prefix = "/outer", .tag = "outer"});
    outer.include_router(std::move(inner));
    app.include_router(std::move(outer), "/api");
    EXPECT_EQ(get("/api/outer/inner/3"), "3");
}

TEST_F(routing, a_prefix_begins_with_a_slash_and_ends_without_one) {
    EXPECT_THROW(http::router("items"), std::logic_error);
    EXPECT_THROW(http::router("/items/"), std::logic_error);
    EXPECT_THROW(http::router("/{id}"), std::logic_error);
}

class shop {
public:
    int count() const { return 3; }
    int add(int n) { return total_ += n; }

private:
    int total_ = 1;
};

TEST_F(routing, a_member_function_is_bound_to_its_object) {
    shop s;
    app.get("/add/{n}", http::bound(&s, &shop::add));
    EXPECT_EQ(get("/add/4"), "5");
}

TEST_F(routing, a_slash_too_many_is_redirected_whatever_the_method) {
    app.get("/items", [] { return 1; });
    const auto redirected = send("POST", "/items/");
    EXPECT_EQ(redirected.status_code, 307);
    EXPECT_EQ(redirected.headers.get("location"), "/items");
    EXPECT_EQ(send("POST", "/items").status_code, 405);
    EXPECT_EQ(send("GET", "/items///?a=b").headers.get("location"), "/items?a=b");
}

TEST_F(routing, nothing_is_left_of_slashes_alone) {
    app.get("/", [] { return 1; });
    EXPECT_EQ(send("GET", "//").status_code, 404);
    EXPECT_EQ(send("GET", "///").status_code, 404);
}

TEST_F(routing, an_empty_route_is_the_prefix_of_its_router) {
    http::router items("/items");
    items.get("", [] { return 1; });
    app.include_router(std::move(items));
    EXPECT_EQ(get("/items"), "1");
    EXPECT_EQ(send("GET", "/items/").status_code, 307);
    http::app other;
    other.get("", [] { return 1; });
    EXPECT_THROW(http::test_client(other).get("/"), std::logic_error);
}

TEST(an_app_without_redirects, does_not_find_what_a_slash_is_missing_of) {
    http::app app({.redirect_slashes = false});
    app.get("/items/", [] { return 1; });
    http::test_client client(app);
    EXPECT_EQ(client.get("/items").status_code, 404);
    EXPECT_EQ(client.get("/items/").status_code, 200);
}

}  // namespace
