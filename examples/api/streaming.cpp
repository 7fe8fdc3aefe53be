// SPDX-License-Identifier: MIT
// Answers that are made while they are sent: JSON lines and server-sent events. Background tasks.
#include "make_app.hpp"
#include <rondo/core/sleep.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace http = rondo::http;
using namespace std::chrono_literals;
using rondo::async_generator;

namespace {

struct item {
    std::string name;
    double price;
};
struct status {
    std::string message;
};

const std::vector<item> items{{"Plumbus", 32.99}, {"Portal Gun", 999.99}};

async_generator<item> stream_items() {
    for (const item& i : items) {
        co_yield i;
    }
}

async_generator<http::event<item>> item_events() {
    for (int id = 0; const item& i : items) {
        co_yield http::event<item>(i, "item_update", std::to_string(++id));
        co_await rondo::sleep(1s);
    }
}

rondo::coro<void> write_log(std::string message) {
    std::puts(message.c_str());
    co_return;
}

}  // namespace

http::app make_app() {
    http::app app;
    app.get("/items/stream", stream_items);
    app.get("/items/events", item_events);
    app.post("/send/{email}", [](std::string email, http::background_tasks& tasks) {
        tasks.add_task(write_log, "to " + email);
        return status{"Message sent"};
    });
    app.get("/page", [] { return http::html("<h1>Hi</h1>"); });
    app.get("/old", [] { return http::redirect("/page"); });
    return app;
}
