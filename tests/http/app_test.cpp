// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>

#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace http = rondo::http;

namespace {

struct item {
    std::string name;
    double price;
    std::optional<bool> is_offer;
};
struct found {
    int item_id;
    std::optional<std::string> q;
};
struct updated {
    std::string item_name;
    int item_id;
};

http::app items_app() {
    http::app app;
    app.get("/", [] { return std::map<std::string, std::string>{{"Hello", "World"}}; });
    app.get("/items/{item_id}", [](int item_id, http::query<std::optional<std::string>, "q"> q) {
        return found{item_id, q};
    });
    app.put("/items/{item_id}", [](int item_id, item it) { return updated{it.name, item_id}; });
    return app;
}

TEST(app, answers_with_the_json_of_what_a_handler_returns) {
    http::app app = items_app();
    http::test_client client(app);
    const auto response = client.get("/");
    EXPECT_EQ(response.status_code, 200);
    EXPECT_EQ(response.headers["content-type"], "application/json");
    EXPECT_EQ(response.body, R"({"Hello":"World"})");
}

TEST(app, reads_parameters_from_the_route_and_the_query) {
    http::app app = items_app();
    http::test_client client(app);
    EXPECT_EQ(client.get("/items/7?q=a%20b").body, R"({"item_id":7,"q":"a b"})");
    EXPECT_EQ(client.get("/items/7").body, R"({"item_id":7,"q":null})");
}

TEST(app, reads_the_body_of_a_model) {
    http::app app = items_app();
    http::test_client client(app);
    item it{"Foo", 2.5, std::nullopt};
    EXPECT_EQ(client.put("/items/7", it).body, R"({"item_name":"Foo","item_id":7})");
}

TEST(app, says_everything_that_is_wrong_at_once) {
    http::app app = items_app();
    http::test_client client(app);
    http::headers json{{"content-type", "application/json"}};
    const auto response = client.request("PUT", "/items/x", R"({"price":"dear"})", json);
    EXPECT_EQ(response.status_code, 422);
    EXPECT_EQ(response.body,
              R"({"detail":[{"type":"int_parsing","loc":["path","item_id"],"msg":"Input should be )"
              R"(a valid integer, unable to parse string as an integer","input":"x"},)"
              R"({"type":"missing","loc":["body","name"],"msg":"Field required","input":)"
              R"({"price":"dear"}},{"type":"float_parsing","loc":["body","price"],"msg":"Input )"
              R"(should be a valid number, unable to parse string as a number","input":"dear"}]})");
}

TEST(test_client, keeps_cookies_from_call_to_call) {
    http::app app;
    app.post("/login", [](http::response& r) { r.set_cookie("session", "s"); });
    app.post("/logout", [](http::response& r) { r.delete_cookie("session"); });
    app.get("/", [](http::cookie<std::optional<std::string>, "session"> session) {
        return session.value_or("none");
    });
    http::test_client client(app);
    EXPECT_EQ(client.get("/").body, R"("none")");
    client.request("POST", "/login");
    EXPECT_EQ(client.get("/").body, R"("s")");
    client.request("POST", "/logout");
    EXPECT_EQ(client.get("/").body, R"("none")");
}

}  // namespace
