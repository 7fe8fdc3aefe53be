// SPDX-License-Identifier: MIT
#include "http/app_core.hpp"
#include <rondo/core/outcome.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/http/http.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace http = rondo::http;
using rondo::coro;

namespace {

std::vector<std::string> journal;

int made = 0;
int count_up() { return ++made; }
coro<int> twice(http::depends<count_up> n) { co_return *n * 2; }

struct session {
    std::string name;
};
rondo::context_manager<session> get_session() {
    session s{"session"};
    journal.emplace_back("opened");
    auto end = co_yield s;
    co_await rondo::sleep(std::chrono::milliseconds(1));
    journal.emplace_back(end.failed() ? "failed" : "closed");
}
rondo::context_manager<session> get_inner(http::depends<get_session> outer) {
    session s{outer->name + ".inner"};
    co_yield s;
    journal.emplace_back("inner closed");
}

std::string token_of(http::header<std::string, "x-token"> token) { return token; }
void check_token(http::depends<token_of> token) {
    if (*token != "secret") {
        throw http::error(400, "X-Token header invalid");
    }
}

class depends : public testing::Test {
protected:
    void SetUp() override {
        journal.clear();
        made = 0;
    }
    http::response get(std::string_view url, const http::headers& h = {}) {
        http::test_client client(app);
        return client.get(url, h);
    }
    http::app app;
};

TEST_F(depends, a_result_is_made_once_for_a_request) {
    app.get("/", [](http::depends<count_up> a, http::depends<twice> b, http::depends<count_up> c) {
        return std::vector<int>{*a, *b, *c};
    });
    http::test_client client(app);
    EXPECT_EQ(client.get("/").body, "[1,2,1]");
    EXPECT_EQ(client.get("/").body, "[2,4,2]");
}

TEST_F(depends, a_context_manager_is_left_after_the_answer) {
    app.get("/", [](http::depends<get_session> s) {
        journal.emplace_back("answered");
        return s->name;
    });
    EXPECT_EQ(get("/").body, R"("session")");
    EXPECT_EQ(journal, (std::vector<std::string>{"opened", "answered", "closed"}));
}

TEST_F(depends, managers_are_left_in_reverse_order) {
    app.get("/", [](http::depends<get_inner> s) { return s->name; });
    EXPECT_EQ(get("/").body, R"("session.inner")");
    EXPECT_EQ(journal, (std::vector<std::string>{"opened", "inner closed", "closed"}));
}

TEST_F(depends, a_manager_sees_the_error_of_the_handler) {
    app.get("/", [](http::depends<get_session>) -> int { throw http::error(404, "no"); });
    EXPECT_EQ(get("/").status_code, 404);
    EXPECT_EQ(journal, (std::vector<std::string>{"opened", "failed"}));
}

TEST_F(depends, one_of_the_function_is_left_before_the_answer_is_sent) {
    app.get("/",
            [](http::depends<get_session, http::scope::function> s, http::background_tasks& later) {
                later.add_task([] { journal.emplace_back("background"); });
                return s->name;
            });
    EXPECT_EQ(get("/").body, R"("session")");
    EXPECT_EQ(journal, (std::vector<std::string>{"opened", "closed", "background"}));
}

TEST_F(depends, a_guard_runs_for_its_effect) {
    app.get("/", [] { return 1; }).depends<check_token>();
    EXPECT_EQ(get("/", {{"x-token", "secret"}}).body, "1");
    EXPECT_EQ(get("/", {{"x-token", "guess"}}).body, R"({"detail":"X-Token header invalid"})");
    EXPECT_EQ(get("/").status_code, 422);
}

TEST_F(depends, a_router_guards_its_operations) {
    http::router router("/items");
    router.depends<check_token>();
    router.get("/", [] { return 1; });
    app.include_router(std::move(router));
    EXPECT_EQ(get("/items/", {{"x-token", "secret"}}).status_code, 200);
    EXPECT_EQ(get("/items/", {{"x-token", "guess"}}).status_code, 400);
}

TEST_F(depends, errors_of_dependencies_and_of_the_handler_come_together) {
    app.get("/{n}", [](int n, http::depends<token_of>) { return n; });
    const auto response = get("/x");
    EXPECT_EQ(response.status_code, 422);
    EXPECT_EQ(response.json()["detail"].size(), 2U);
}

TEST_F(depends, a_test_puts_another_in_its_place) {
    app.get("/", [](http::depends<twice> n) { return *n; });
    http::test_client client(app);
    app.override_dependency<twice>([](http::query<int, "n"> n) { return int(n); });
    EXPECT_EQ(client.get("/?n=7").body, "7");
    EXPECT_EQ(client.get("/").status_code, 422);
    app.clear_overrides();
    EXPECT_EQ(client.get("/").body, "2");
}

struct checker {
    const char* allowed;
    bool operator()(http::query<std::optional<std::string>, "q"> q) const {
        return q && q->find(*allowed) != std::string::npos;
    }
};
constexpr char letter = 'b';

TEST_F(depends, a_function_object_is_a_dependency) {
    app.get("/", [](http::depends<checker{&letter}> found) { return *found; });
    EXPECT_EQ(get("/?q=abc").body, "true");
    EXPECT_EQ(get("/?q=xyz").body, "false");
}

struct database {
    int rows = 3;
};

TEST_F(depends, state_is_the_object_that_the_app_was_given) {
    database db;
    app.state(db);
    app.get("/", [](http::state<database> d) { return ++d->rows; });
    EXPECT_EQ(get("/").body, "4");
    EXPECT_EQ(db.rows, 4);
}

TEST_F(depends, a_missing_state_is_said_when_the_app_begins) {
    app.get("/", [](http::state<database> d) { return d->rows; });
    try {
        http::test_client client(app);
        FAIL() << "began";
    } catch (const std::logic_error& e) {
        EXPECT_STREQ(e.what(),
                     "GET /: the app has no state of type database; give it one with "
                     "app.state(object)");
    }
}

TEST_F(depends, lifespan_is_entered_before_the_first_request_and_left_after_the_last) {
    app.lifespan([](http::app&) -> rondo::context_manager<> {
        journal.emplace_back("begins");
        co_yield {};
        journal.emplace_back("ends");
    });
    app.get("/", [] {
        journal.emplace_back("request");
        return 1;
    });
    {
        http::test_client client(app);
        client.get("/");
    }
    EXPECT_EQ(journal, (std::vector<std::string>{"begins", "request", "ends"}));
}

rondo::context_manager<int> fails_to_close() {
    int n = 7;
    co_yield n;
    throw std::runtime_error("cannot close");
}

TEST_F(depends, a_release_that_fails_is_reported_and_costs_no_answer) {
    app.get("/late", [](http::depends<fails_to_close> n) { return *n; });
    app.get("/soon", [](http::depends<fails_to_close, http::scope::function> n) { return *n; });
    for (const char* url : {"/late", "/soon"}) {
        testing::internal::CaptureStderr();
        EXPECT_EQ(get(url).body, "7");
        const std::string log = testing::internal::GetCapturedStderr();
        EXPECT_NE(log.find("cannot close"), std::string::npos) << log;
    }
}

TEST_F(depends, a_handler_that_is_cancelled_leaves_its_managers_first) {
    app.get("/", [](http::depends<get_session>) -> coro<int> {
        co_await rondo::sleep(std::chrono::hours(1));
        co_return 1;
    });
    const auto main_body = [&]() -> coro<void> {
        app.core().begin(app);
        http::request asked = http::detail::make_request("GET", "/", {}, "", rondo::address());
        http::response answer;
        const auto handling = rondo::create_task(app.core().handle(asked, answer));
        co_await rondo::sleep(std::chrono::milliseconds(1));
        handling.cancel();
        const auto ended = co_await rondo::as_outcome(handling);
        EXPECT_TRUE(handling.cancelled());
        static_cast<void>(ended);
    };
    rondo::run(main_body());
    EXPECT_EQ(journal, (std::vector<std::string>{"opened", "failed"}));
}

}  // namespace
