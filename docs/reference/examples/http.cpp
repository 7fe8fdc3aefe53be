// SPDX-License-Identifier: MIT
#include <rondo/http/http.hpp>

#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace http = rondo::http;
using http::default_to, http::ge, http::le;

// #region parameters
struct item {
    std::string name;
    double price;
    static void describe(auto& m) { m(&item::price).gt(0); }
};
struct page {
    int limit = 10;
    std::optional<std::string> after;
};

http::app shop() {
    http::app app({.title = "Shop"});
    app.get("/items", [](http::query<page> p) { return p.limit; });
    app.get("/items/{item_id}",
            [](int item_id, http::query<int, "copies", ge(1), le(9), default_to(1)> copies) {
                return item_id * copies;
            });
    app.post("/items", [](item it) { return it; }, {.status_code = 201});
    return app;
}
// #endregion

// #region answers
std::map<int, item> stock{{1, {"hat", 9.5}}};

std::variant<item, http::error> find(int id) {
    const auto found = stock.find(id);
    if (found == stock.end()) {
        return http::error(404, "Item not found");
    }
    return found->second;
}
// #endregion

// #region middleware
rondo::coro<http::response> add_version(http::request& request, http::next call_next) {
    auto response = co_await call_next(request);
    response.headers.set("x-version", "1");
    co_return response;
}
// #endregion

int main() {
    http::app app = shop();
    app.get("/stock/{id}", find);
    app.middleware(add_version);
    // #region client
    http::test_client client(app);
    for (const char* url : {"/items", "/items/7?copies=2", "/items/x?copies=10", "/stock/2"}) {
        const http::response response = client.get(url);
        std::printf("%d %s\n", response.status_code, response.body.c_str());
    }
    const item hat{"hat", 0};
    std::printf("%s\n", client.post("/items", hat).body.c_str());
    // #endregion
    std::printf("%s\n", client.get("/items").headers["x-version"].c_str());
}
