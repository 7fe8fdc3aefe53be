// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace http = rondo::http;
namespace json = rondo::json;

namespace {

struct item {
    std::string name;
    double price = 1.5;
    static void describe(auto& m) { m(&item::name).max_length(50).description("for people"); }
};
struct page {
    int limit = 10;
    std::optional<std::string> after;
};
struct problem {
    std::string detail;
};

std::string at(const json::value& document, std::initializer_list<std::string_view> path) {
    const json::value* v = &document;
    for (const auto step : path) {
        v = &(*v)[step];
    }
    return json::dumps(*v);
}

TEST(openapi, describes_an_operation_with_its_parameters) {
    http::app app({.title = "Burgers", .version = "1.0"});
    app.get("/items/{item_id:int}",
            [](int item_id, http::query<std::optional<std::string>, "q"> q,
               http::query<int, "limit", http::ge(1), http::default_to(10),
                           http::description("How many")>
                   limit,
               http::header<std::string, "x-token">) {
                return std::to_string(item_id + limit) + q.value_or("");
            },
            {.summary = "One item", .tag = "items"});
    const json::value document = app.get_openapi();
    EXPECT_EQ(at(document, {"openapi"}), R"("3.1.0")");
    EXPECT_EQ(at(document, {"info"}), R"({"title":"Burgers","version":"1.0"})");
    const json::value& operation = document["paths"]["/items/{item_id}"]["get"];
    EXPECT_EQ(at(operation, {"tags"}), R"(["items"])");
    EXPECT_EQ(at(operation, {"summary"}), R"("One item")");
    EXPECT_EQ(at(operation, {"operationId"}), R"("get_items_item_id")");
    EXPECT_EQ(at(operation, {"parameters"}),
              R"([{"name":"item_id","in":"path","required":true,"schema":{"type":"integer"}},)"
              R"({"name":"q","in":"query","required":false,)"
              R"("schema":{"anyOf":[{"type":"string"},{"type":"null"}]}},)"
              R"({"name":"limit","in":"query","required":false,"description":"How many",)"
              R"("schema":{"type":"integer","minimum":1,"description":"How many","default":10}},)"
              R"({"name":"x-token","in":"header","required":true,"schema":{"type":"string"}}])");
    EXPECT_EQ(at(operation, {"responses", "200"}),
              R"({"description":"Successful Response","content":{"application/json":)"
              R"({"schema":{"type":"string"}}}})");
    EXPECT_EQ(at(operation, {"responses", "422", "content", "application/json", "schema"}),
              R"({"$ref":"#/components/schemas/HTTPValidationError"})");
}

TEST(openapi, models_stand_once_under_components) {
    http::app app;
    app.post("/items", [](item it) { return std::vector<item>{it}; }, {.status_code = 201})
        .response<problem>(409, "There already");
    const json::value document = app.get_openapi();
    const json::value& operation = document["paths"]["/items"]["post"];
    EXPECT_EQ(at(operation, {"requestBody"}),
              R"({"required":true,"content":{"application/json":)"
              R"({"schema":{"$ref":"#/components/schemas/item"}}}})");
    EXPECT_EQ(at(operation, {"responses", "201", "content", "application/json", "schema"}),
              R"({"type":"array","items":{"$ref":"#/components/schemas/item"}})");
    EXPECT_EQ(at(operation, {"responses", "409", "description"}), R"("There already")");
    EXPECT_EQ(at(document, {"components", "schemas", "item", "properties"}),
              R"({"name":{"type":"string","maxLength":50,"description":"for people"},)"
              R"("price":{"type":"number","default":1.5}})");
}

TEST(openapi, a_struct_of_parameters_is_its_members) {
    http::app app;
    app.get("/", [](http::query<page> p) { return p.limit; });
    const json::value document = app.get_openapi();
    EXPECT_EQ(at(document, {"paths", "/", "get", "parameters"}),
              R"([{"name":"limit","in":"query","required":false,)"
              R"("schema":{"type":"integer","default":10}},)"
              R"({"name":"after","in":"query","required":false,)"
              R"("schema":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null}}])");
}

int inner(http::query<int, "n"> n) { return n; }

TEST(openapi, parameters_of_dependencies_are_listed_once) {
    http::app app;
    app.get("/", [](http::depends<inner> a, http::query<int, "n"> n) { return *a + n; });
    const json::value document = app.get_openapi();
    EXPECT_EQ(document["paths"]["/"]["get"]["parameters"].size(), 1U);
}

TEST(openapi, alternatives_are_any_of) {
    http::app app;
    app.get("/", []() -> std::variant<item, problem, http::error> {
        problem p{"x"};
        return p;
    });
    const json::value document = app.get_openapi();
    EXPECT_EQ(at(document, {"paths", "/", "get", "responses", "200", "content", "application/json",
                            "schema"}),
              R"({"anyOf":[{"$ref":"#/components/schemas/item"},)"
              R"({"$ref":"#/components/schemas/problem"}]})");
}

rondo::async_generator<item> stream() { co_return; }

TEST(openapi, a_stream_says_what_its_items_are) {
    http::app app;
    app.get("/", stream);
    const json::value document = app.get_openapi();
    EXPECT_EQ(at(document, {"paths", "/", "get", "responses", "200", "content"}),
              R"({"application/jsonl":{"itemSchema":{"$ref":"#/components/schemas/item"}}})");
}

TEST(openapi, is_served_beside_the_page_that_shows_it) {
    http::app app;
    app.get("/", [] { return 1; });
    http::test_client client(app);
    EXPECT_EQ(client.get("/openapi.json").json(), app.get_openapi());
    const auto page = client.get("/docs");
    EXPECT_EQ(page.headers["content-type"], "text/html; charset=utf-8");
    EXPECT_NE(page.body.find(R"(const documentUrl = "/openapi.json")"), std::string::npos);
}

TEST(openapi, is_nowhere_when_the_app_says_so) {
    http::app app({.openapi_url = ""});
    http::test_client client(app);
    EXPECT_EQ(client.get("/openapi.json").status_code, 404);
    EXPECT_EQ(client.get("/docs").status_code, 404);
}

}  // namespace
