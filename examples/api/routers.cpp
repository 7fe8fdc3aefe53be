// SPDX-License-Identifier: MIT
// A bigger application: a router with a prefix and a guard, and an exception with its own answer.
#include "make_app.hpp"

#include <exception>
#include <string>
#include <vector>

namespace http = rondo::http;

namespace {

struct unicorn_exception : std::exception {
    explicit unicorn_exception(std::string n) : name(std::move(n)) {}
    std::string name;
};
struct item {
    std::string name;
};
struct message {
    std::string message;
};

void check_token(http::header<std::string, "x-token"> x_token) {
    if (x_token != "fake-super-secret-token") {
        throw http::error(400, "X-Token header invalid");
    }
}

http::router items() {
    http::router router(http::router_options{.prefix = "/items", .tag = "items"});
    router.depends<check_token>();
    router.get("/", [] { return std::vector<item>{{"Plumbus"}, {"Portal Gun"}}; });
    router.get("/{name}", [](std::string name) {
        if (name == "yolo") {
            throw unicorn_exception(name);
        }
        return item{name};
    });
    return router;
}

}  // namespace

http::app make_app() {
    http::app app;
    app.include_router(items());
    app.exception_handler<unicorn_exception>([](http::request&, const unicorn_exception& e) {
        return http::json_response(message{"Oops! " + e.name}, 418);
    });
    return app;
}
