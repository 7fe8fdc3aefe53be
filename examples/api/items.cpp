// SPDX-License-Identifier: MIT
// Parameters of the path and of the query, and a model as the body.
#include "make_app.hpp"

#include <map>
#include <optional>
#include <string>

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

}  // namespace

http::app make_app() {
    http::app app;
    app.get("/", [] { return std::map<std::string, std::string>{{"Hello", "World"}}; });
    app.get("/items/{item_id}", [](int item_id, http::query<std::optional<std::string>, "q"> q) {
        return found{item_id, q};
    });
    app.put("/items/{item_id}", [](int item_id, item it) { return updated{it.name, item_id}; });
    return app;
}
