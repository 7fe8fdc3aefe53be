// SPDX-License-Identifier: MIT
#include <rondo/core/sleep.hpp>
#include <rondo/http/http.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace http = rondo::http;
using namespace std::chrono_literals;
using rondo::async_generator;
using rondo::coro;

namespace {

struct item {
    std::string name;
    std::optional<int> count;
};

class answers : public testing::Test {
protected:
    http::response get(std::string_view url = "/", const http::headers& h = {}) {
        http::test_client client(app);
        return client.get(url, h);
    }
    http::app app;
};

TEST_F(answers, a_string_is_a_json_string) {
    app.get("/", [] { return std::string("a\"b"); });
    EXPECT_EQ(get().body, R"("a\"b")");
}

TEST_F(answers, nothing_is_null) {
    app.get("/", [] {});
    EXPECT_EQ(get().body, "null");
}

TEST_F(answers, nothing_of204_has_no_body) {
    app.del("/", [] {}, {.status_code = 204});
    http::test_client client(app);
    const auto response = client.del("/");
    EXPECT_EQ(response.status_code, 204);
    EXPECT_EQ(response.body, "");
    EXPECT_FALSE(response.headers.contains("content-type"));
}

TEST_F(answers, a_response_is_sent_as_it_is) {
    app.get("/html", [] { return http::html("<p>"); });
    app.get("/to", [] { return http::redirect("/html"); });
    EXPECT_EQ(get("/html").headers["content-type"], "text/html; charset=utf-8");
    EXPECT_EQ(get("/html").body, "<p>");
    EXPECT_EQ(get("/to").status_code, 307);
    EXPECT_EQ(get("/to").headers["location"], "/html");
}

TEST_F(answers, headers_set_beside_are_merged) {
    app.get("/", [](http::response& r) {
        r.headers.set("x-a", "1");
        r.set_cookie("session", "s");
        r.status_code = 202;
        return 1;
    });
    const auto response = get();
    EXPECT_EQ(response.status_code, 202);
    EXPECT_EQ(response.headers["x-a"], "1");
    EXPECT_TRUE(response.headers["set-cookie"].starts_with("session=s"));
    EXPECT_EQ(response.body, "1");
}

TEST_F(answers, a_reply_has_its_own_status_and_headers) {
    app.post("/", [] {
        item made{"a", 1};
        return http::reply(made, 201).header("location", "/items/1").cookie("c", "v");
    });
    http::test_client client(app);
    const auto response = client.post("/", 0);
    EXPECT_EQ(response.status_code, 201);
    EXPECT_EQ(response.headers["location"], "/items/1");
    EXPECT_EQ(response.body, R"({"name":"a","count":1})");
}

TEST_F(answers, a_variant_is_whichever_it_is) {
    app.get("/{n}", [](int n) -> std::variant<item, http::response, http::error> {
        switch (n) {
            case 0: {
                item it{"a", {}};
                return it;
            }
            case 1:
                return http::text("plain");
            default:
                return http::error(404, "Item not found");
        }
    });
    EXPECT_EQ(get("/0").body, R"({"name":"a","count":null})");
    EXPECT_EQ(get("/1").body, "plain");
    EXPECT_EQ(get("/2").status_code, 404);
    EXPECT_EQ(get("/2").body, R"({"detail":"Item not found"})");
}

TEST_F(answers, null_members_are_left_out_where_the_operation_says_so) {
    app.get("/", [] { return item{"a", {}}; }, {.exclude_none = true});
    EXPECT_EQ(get().body, R"({"name":"a"})");
}

async_generator<item> some_items() {
    for (int i = 0; i < 2; ++i) {
        item it{"n" + std::to_string(i), i};
        co_yield it;
        co_await rondo::sleep(1ms);
    }
}

TEST_F(answers, a_generator_is_json_lines) {
    app.get("/", some_items);
    const auto response = get();
    EXPECT_EQ(response.headers["content-type"], "application/jsonl");
    EXPECT_EQ(response.body, "{\"name\":\"n0\",\"count\":0}\n{\"name\":\"n1\",\"count\":1}\n");
}

async_generator<http::event<item>> some_events() {
    item it{"a", 1};
    http::event<item> first(it, "update", "7");
    co_yield first;
    auto raw = http::event<item>::raw("two\nlines");
    raw.retry(3s).comment("hello");
    co_yield raw;
}

TEST_F(answers, a_generator_of_events_is_server_sent_events) {
    app.get("/", some_events);
    const auto response = get();
    EXPECT_EQ(response.headers["content-type"], "text/event-stream");
    EXPECT_EQ(response.headers["cache-control"], "no-cache");
    EXPECT_EQ(response.body,
              "event: update\ndata: {\"name\":\"a\",\"count\":1}\nid: 7\n\n"
              ": hello\ndata: two\ndata: lines\nretry: 3000\n\n");
}

TEST_F(answers, background_tasks_run_after_the_answer_in_order) {
    std::vector<std::string> log;
    app.get("/", [&log](http::background_tasks& tasks) {
        tasks.add_task(
            [&log](std::string text) -> coro<void> {
                co_await rondo::sleep(1ms);
                log.push_back(text);
            },
            std::string("first"));
        tasks.add_task([&log] { log.emplace_back("second"); });
        return log.size();
    });
    EXPECT_EQ(get().body, "0");
    EXPECT_EQ(log, (std::vector<std::string>{"first", "second"}));
}

// ---- errors

struct base_error : std::runtime_error {
    using runtime_error::runtime_error;
};
struct derived_error : base_error {
    using base_error::base_error;
};

TEST_F(answers, an_error_has_its_status_its_detail_and_its_headers) {
    app.get("/", []() -> int { throw http::error(401, "Who?", {{"WWW-Authenticate", "Bearer"}}); });
    const auto response = get();
    EXPECT_EQ(response.status_code, 401);
    EXPECT_EQ(response.headers["www-authenticate"], "Bearer");
    EXPECT_EQ(response.body, R"({"detail":"Who?"})");
}

TEST_F(answers, an_unknown_exception_is500_and_says_nothing) {
    app.get("/", []() -> coro<int> {
        co_await rondo::sleep(1ms);
        throw std::runtime_error("secret");
    });
    testing::internal::CaptureStderr();
    const auto response = get();
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(response.status_code, 500);
    EXPECT_EQ(response.body, R"({"detail":"Internal Server Error"})");
    EXPECT_NE(log.find("GET / failed"), std::string::npos) << log;
    EXPECT_NE(log.find("secret"), std::string::npos) << log;
}

TEST_F(answers, the_closest_handler_of_an_exception_answers) {
    app.exception_handler<base_error>(
        [](http::request&, const base_error& e) { return http::text(e.what(), 418); });
    app.exception_handler<derived_error>(
        [](http::request&, const derived_error& e) { return http::text(e.what(), 419); });
    app.exception_handler<std::exception>(
        [](http::request&, const std::exception&) { return http::text("any", 420); });
    app.get("/base", []() -> int { throw base_error("b"); });
    app.get("/derived", []() -> int { throw derived_error("d"); });
    app.get("/other", []() -> int { throw std::logic_error("x"); });
    EXPECT_EQ(get("/base").status_code, 418);
    EXPECT_EQ(get("/derived").status_code, 419);
    EXPECT_EQ(get("/other").status_code, 420);
}

TEST_F(answers, validation_errors_have_a_handler_like_others) {
    app.exception_handler<rondo::json::validation_error>(
        [](http::request&, const rondo::json::validation_error& e) {
            return http::text(std::to_string(e.errors().size()), 400);
        });
    app.get("/{a}/{b}", [](int a, int b) { return a + b; });
    EXPECT_EQ(get("/x/y").status_code, 400);
    EXPECT_EQ(get("/x/y").body, "2");
}

TEST_F(answers, a_middleware_sees_request_and_answer_the_last_one_first) {
    std::string order;
    for (const char* name : {"a", "b"}) {
        app.middleware(
            [&order, name](http::request& r, http::next call_next) -> coro<http::response> {
                order += name;
                auto response = co_await call_next(r);
                order += name;
                response.headers.add("x-seen", name);
                co_return response;
            });
    }
    app.get("/", [] { return 1; });
    const auto response = get();
    EXPECT_EQ(order, "baab");
    EXPECT_EQ(response.headers.get_all("x-seen"), (std::vector<std::string_view>{"a", "b"}));
    EXPECT_EQ(get("/nowhere").headers["x-seen"], "a");
}

TEST_F(answers, an_error_that_is_returned_has_the_handler_of_its_status_too) {
    app.exception_handler(
        404, [](http::request&, const http::error&) { return http::text("no such thing", 404); });
    app.get("/returned", []() -> std::variant<int, http::error> { return http::error(404, "x"); });
    app.get("/thrown", []() -> int { throw http::error(404, "x"); });
    EXPECT_EQ(get("/returned").body, "no such thing");
    EXPECT_EQ(get("/thrown").body, "no such thing");
}

TEST(an_app_in_debug, says_what_an_unknown_exception_was) {
    http::app app({.debug = true});
    app.get("/", []() -> int { throw std::runtime_error("the reason"); });
    http::test_client client(app);
    testing::internal::CaptureStderr();
    const auto response = client.get("/");
    testing::internal::GetCapturedStderr();
    EXPECT_EQ(response.status_code, 500);
    EXPECT_NE(response.body.find("the reason"), std::string::npos) << response.body;
}

TEST_F(answers, a_background_task_that_throws_is_reported_and_ends_the_row) {
    bool went_on = false;
    app.get("/", [&](http::background_tasks& tasks) {
        tasks.add_task([] { throw std::runtime_error("in the background"); });
        tasks.add_task([&] { went_on = true; });
        return 1;
    });
    testing::internal::CaptureStderr();
    const auto response = get();
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(response.body, "1");
    EXPECT_FALSE(went_on);
    EXPECT_NE(log.find("in the background"), std::string::npos) << log;
}

}  // namespace
