// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace http = rondo::http;
using http::default_to, http::ge, http::le, http::max_length, http::min_length, http::pattern;

namespace {

enum class model_name { alexnet, resnet, lenet };
struct model {
    ::model_name model_name;
};

struct filter {
    int limit = 100;
    int offset = 0;
    std::vector<std::string> tags;

    static void describe(auto& m) {
        m(&filter::limit).gt(0).le(100);
        m(&filter::offset).ge(0);
        m(&filter::tags).optional();
    }
};

struct common_headers {
    std::string host;
    std::optional<std::string> x_trace;
};

struct item {
    std::string name;
    double price;
    static void describe(auto& m) { m(&item::price).gt(0); }
};

/// The `loc` of each error, as "path.item_id".
std::vector<std::string> locations(const http::response& response) {
    std::vector<std::string> all;
    const rondo::json::value body = response.json();
    for (const auto& error : body["detail"].get<rondo::json::array>()) {
        std::string& where = all.emplace_back();
        for (const auto& step : error["loc"].get<rondo::json::array>()) {
            where += (where.empty() ? "" : ".") +
                     (step.is_string() ? step.get<std::string>() : rondo::json::dumps(step));
        }
    }
    return all;
}
using names = std::vector<std::string>;

class parameters : public testing::Test {
protected:
    http::response get(std::string_view url, const http::headers& h = {}) {
        http::test_client client(app);
        return client.get(url, h);
    }
    http::response send(std::string_view url, std::string body, std::string_view type) {
        http::test_client client(app);
        http::headers h{{"content-type", type}};
        return client.request("POST", url, std::move(body), h);
    }
    http::app app;
};

TEST_F(parameters, an_enum_is_one_of_its_names) {
    app.get("/models/{model_name}", [](model_name name) { return model{name}; });
    EXPECT_EQ(get("/models/resnet").body, R"({"model_name":"resnet"})");
    const auto wrong = get("/models/vgg");
    EXPECT_EQ(wrong.status_code, 422);
    EXPECT_EQ(locations(wrong), names{"path.model_name"});
}

TEST_F(parameters, a_struct_is_its_members) {
    app.get("/items/", [](http::query<filter> f) -> filter { return f; });
    EXPECT_EQ(get("/items/").body, R"({"limit":100,"offset":0,"tags":[]})");
    EXPECT_EQ(get("/items/?limit=5&tags=a&tags=b&unknown=1").body,
              R"({"limit":5,"offset":0,"tags":["a","b"]})");
    EXPECT_EQ(locations(get("/items/?limit=0&offset=x")), (names{"query.limit", "query.offset"}));
}

TEST_F(parameters, rules_stand_behind_the_name) {
    app.get("/items/{item_id}",
            [](http::path<int, "item_id", ge(1), le(1000)> id,
               http::query<std::string, "q", min_length(3), pattern("^fixed")> q,
               http::query<int, "limit", ge(1), default_to(10)> limit) {
                return std::vector<std::string>{std::to_string(id), q, std::to_string(limit)};
            });
    EXPECT_EQ(get("/items/7?q=fixed1").body, R"(["7","fixed1","10"])");
    EXPECT_EQ(get("/items/7?q=fixed1&limit=3").body, R"(["7","fixed1","3"])");
    EXPECT_EQ(locations(get("/items/0?q=no&limit=0")),
              (names{"path.item_id", "query.q", "query.limit"}));
    EXPECT_EQ(locations(get("/items/5")), names{"query.q"});
}

TEST_F(parameters, a_list_takes_every_value_of_its_name) {
    app.get("/", [](http::query<std::vector<int>, "n"> n) { return std::vector<int>(n); });
    EXPECT_EQ(get("/?n=1&n=2").body, "[1,2]");
    EXPECT_EQ(get("/").body, "[]");
    EXPECT_EQ(locations(get("/?n=1&n=x")), names{"query.n.1"});
}

TEST_F(parameters, of_several_values_the_last_counts) {
    app.get("/", [](http::query<int, "n"> n) { return int(n); });
    EXPECT_EQ(get("/?n=1&n=2").body, "2");
}

TEST_F(parameters, that_are_no_utf8_are_replaced_and_never_break_the_answer) {
    app.get("/{name}",
            [](std::string name, http::header<std::string, "x-a"> a) { return name + a; });
    app.get("/items/{id}", [](int id) { return id; });
    app.post("/", [](item it) { return it; });
    http::headers h{{"x-a", "\xe9"}};
    EXPECT_EQ(get("/%FF", h).body, "\"\ufffd\ufffd\"");
    EXPECT_EQ(locations(get("/items/%FF")), names{"path.id"});
    EXPECT_EQ(locations(send("/", "\xff", "text/plain")), names{"body"});
    EXPECT_EQ(locations(send("/", "{\"name\": \"\xff\"}", "application/json")), names{"body.9"});
}

TEST_F(parameters, a_partial_body_knows_what_it_was_sent) {
    app.patch("/", [](rondo::json::partial<item> changes) {
        item now{"hat", 3};
        changes.apply_to(now);
        return now;
    });
    http::test_client client(app);
    http::headers json{{"content-type", "application/json"}};
    EXPECT_EQ(client.request("PATCH", "/", R"({"price":5})", json).body,
              R"({"name":"hat","price":5.0})");
}

TEST_F(parameters, null_is_no_body) {
    app.post("/", [](item it) { return it; });
    app.post("/maybe", [](std::optional<item> it) { return it.has_value(); });
    app.post("/any", [](rondo::json::value any) { return any; });
    EXPECT_EQ(
        send("/", " null\n", "application/json").body,
        R"({"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]})");
    EXPECT_EQ(send("/maybe", "null", "application/json").body, "false");
    EXPECT_EQ(send("/any", "null", "application/json").body, "null");
}

TEST_F(parameters, headers_and_cookies_are_found_by_name) {
    app.get("/", [](http::header<std::string, "x-token"> token,
                    http::cookie<std::optional<std::string>, "session"> session) {
        return token + ":" + session.value_or("none");
    });
    http::headers h{{"X-Token", "t"}, {"Cookie", "a=1; session=s"}};
    EXPECT_EQ(get("/", h).body, R"("t:s")");
    EXPECT_EQ(locations(get("/")), names{"header.x-token"});
}

TEST_F(parameters, a_struct_of_headers_spells_a_dash_as_underscore) {
    app.get("/", [](http::header<common_headers> h) { return h.host + h.x_trace.value_or("-"); });
    http::headers h{{"Host", "a"}, {"X-Trace", "7"}};
    EXPECT_EQ(get("/", h).body, R"("a7")");
}

TEST_F(parameters, a_form_is_urlencoded) {
    app.post("/", [](http::form<std::string, "name"> name, http::form<int, "age"> age) {
        return name + std::to_string(age);
    });
    const char* type = "application/x-www-form-urlencoded";
    EXPECT_EQ(send("/", "name=a+b&age=7", type).body, R"("a b7")");
    EXPECT_EQ(locations(send("/", "age=x", type)), (names{"body.name", "body.age"}));
}

TEST_F(parameters, a_struct_is_a_form) {
    app.post("/", [](http::form<item> f) -> item { return f; });
    const char* type = "application/x-www-form-urlencoded";
    EXPECT_EQ(send("/", "name=a&price=2", type).body, R"({"name":"a","price":2.0})");
    EXPECT_EQ(locations(send("/", "price=-1", type)), (names{"body.name", "body.price"}));
}

TEST_F(parameters, several_models_are_members_of_the_body) {
    app.post("/", [](http::body<item, "item"> it, http::body<int, "importance", ge(1)> n) {
        return it.name + std::to_string(n);
    });
    const char* type = "application/json";
    EXPECT_EQ(send("/", R"({"item":{"name":"a","price":1},"importance":2})", type).body, R"("a2")");
    EXPECT_EQ(locations(send("/", R"({"item":{"name":"a"},"importance":0})", type)),
              (names{"body.item.price", "body.importance"}));
    EXPECT_EQ(locations(send("/", "", type)), (names{"body.item", "body.importance"}));
}

TEST_F(parameters, a_body_that_is_no_json_says_where) {
    app.post("/", [](item it) { return it; });
    EXPECT_EQ(locations(send("/", R"({"name":})", "application/json")), names{"body.8"});
    EXPECT_EQ(locations(send("/", "", "application/json")), names{"body"});
    EXPECT_EQ(locations(send("/", R"({"name":"a","price":1})", "text/plain")), names{"body"});
    EXPECT_EQ(
        send("/", R"({"name":"a","price":1})", "application/vnd.api+json; charset=utf-8").body,
        R"({"name":"a","price":1.0})");
}

TEST_F(parameters, a_body_may_be_a_list_a_map_or_missing) {
    app.post("/list", [](std::vector<item> all) { return all.size(); });
    app.post("/map", [](std::map<std::string, int> all) { return all; });
    app.post("/maybe", [](std::optional<item> it) { return it.has_value(); });
    EXPECT_EQ(send("/list", R"([{"name":"a","price":1}])", "application/json").body, "1");
    EXPECT_EQ(send("/map", R"({"a":1})", "application/json").body, R"({"a":1})");
    EXPECT_EQ(send("/maybe", "", "application/json").body, "false");
    EXPECT_EQ(send("/maybe", R"({"name":"a","price":1})", "application/json").body, "true");
    EXPECT_EQ(locations(send("/list", R"([{"name":"a"}])", "application/json")),
              names{"body.0.price"});
}

TEST_F(parameters, rules_that_contradict_each_other_are_said_when_the_route_is_added) {
    try {
        app.get("/x", [](http::query<int, "n", ge(5), le(1)>) { return 1; });
        FAIL() << "was added";
    } catch (const std::logic_error& e) {
        EXPECT_STREQ(e.what(), "GET /x: n: no value meets its bounds");
    }
}

TEST_F(parameters, two_bodies_are_refused) {
    EXPECT_THROW(app.post("/", [](item a, item b) { return a.name + b.name; }), std::logic_error);
}

rondo::coro<std::string> describe_file(http::form<http::upload_file, "file"> file,
                                       http::form<std::string, "note"> note) {
    const std::string content = co_await file.read();
    co_return file.filename() + " " + std::string(file.content_type()) + " " + content + " " + note;
}

TEST_F(parameters, a_file_comes_in_a_part_of_a_form) {
    app.post("/", describe_file);
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n"
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
        "Content-Type: text/plain\r\n\r\nlines\r\n--b--\r\n";
    EXPECT_EQ(send("/", body, "multipart/form-data; boundary=b").body,
              R"("a.txt text/plain lines hi")");
    const auto wrong = send("/", "--b--\r\n", "multipart/form-data; boundary=b");
    EXPECT_EQ(locations(wrong), (names{"body.file", "body.note"}));
    EXPECT_EQ(send("/", "no parts", "multipart/form-data; boundary=b").status_code, 400);
}

TEST_F(parameters, files_of_one_name_are_a_list) {
    app.post("/", [](http::form<std::vector<http::upload_file>, "files"> files,
                     http::form<std::optional<http::upload_file>, "other"> other) {
        return std::to_string(files.size()) + (other.has_value() ? "+1" : "");
    });
    const std::string file =
        "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nx\r\n";
    const char* type = "multipart/form-data; boundary=b";
    EXPECT_EQ(send("/", file + file + "--b--\r\n", type).body, R"("2")");
    EXPECT_EQ(send("/", "--b--\r\n", type).body, R"("0")");
}

TEST_F(parameters, the_raw_body_is_what_came) {
    app.post("/", [](http::raw_body body) { return body.size(); });
    EXPECT_EQ(send("/", "a\0b{", "text/plain").body, "1");
    EXPECT_EQ(send("/", "not json", "text/plain").body, "8");
}

TEST(an_app_that_is_not_strict, reads_a_body_that_says_no_type) {
    http::app app({.strict_content_type = false});
    app.post("/", [](item it) { return it.name; });
    http::test_client client(app);
    const char* body = R"({"name":"a","price":1})";
    EXPECT_EQ(client.request("POST", "/", body).body, R"("a")");
    EXPECT_EQ(client.request("POST", "/", body, {{"content-type", "text/plain"}}).status_code, 422);
}

}  // namespace
