// SPDX-License-Identifier: MIT
// Rules: of models, of single parameters, of a struct of parameters; an enum; a header.
#include "make_app.hpp"

#include <optional>
#include <string>
#include <vector>

namespace http = rondo::http;
using http::ge, http::le, http::min_length, http::pattern;

namespace {

enum class model_name { alexnet, resnet, lenet };
struct model {
    enum model_name model_name;
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
struct item {
    std::string name;
    double price;
    std::optional<std::string> description;
    static void describe(auto& m) {
        m(&item::name).min_length(1).max_length(50);
        m(&item::price).gt(0).description("The price must be greater than zero");
        m(&item::description).max_length(300);
    }
};
struct found {
    int item_id;
    std::string q;
    std::optional<std::string> user_agent;
    static void describe(auto& m) { m(&found::user_agent).alias("User-Agent"); }
};

}  // namespace

http::app make_app() {
    http::app app;
    app.get("/models/{model_name}", [](model_name name) { return model{name}; });
    app.get("/items/", [](http::query<filter> f) -> filter { return f; });
    app.get("/items/{item_id}",
            [](http::path<int, "item_id", ge(1), le(1000)> item_id,
               http::query<std::string, "q", min_length(3), pattern("^fixed")> q,
               http::header<std::optional<std::string>, "user-agent"> agent) {
                return found{item_id, q, agent};
            });
    app.put("/items/{item_id}", [](int, item it) { return it; });
    return app;
}
