// SPDX-License-Identifier: MIT
// Create, read and delete: a coroutine that awaits, an error, a status, a header of the answer.
#include "make_app.hpp"
#include <rondo/core/sleep.hpp>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace http = rondo::http;
using namespace std::chrono_literals;

namespace {

struct burger {
    std::string name;
    double price;
    std::vector<std::string> tags;
    static void describe(auto& m) { m(&burger::tags).optional(); }
};
std::map<int, burger> burgers;

rondo::coro<std::vector<burger>> get_burgers(std::size_t number) {
    co_await rondo::sleep(50ms);  // as a database would take
    std::vector<burger> some;
    for (const auto& [id, b] : burgers) {
        if (some.size() < number) {
            some.push_back(b);
        }
    }
    co_return some;
}

}  // namespace

http::app make_app() {
    http::app app({.title = "Burger API"});
    app.get("/burgers", [] { return get_burgers(2); }, {.tag = "burgers"});
    app.get("/burgers/{burger_id}",
            [](int id) {
                if (!burgers.contains(id)) {
                    throw http::error(404, "Burger not found");
                }
                return burgers[id];
            },
            {.tag = "burgers"});
    app.post("/burgers",
             [](burger b, http::response& response) {
                 const int id = static_cast<int>(burgers.size()) + 1;
                 response.headers.set("Location", "/burgers/" + std::to_string(id));
                 return burgers[id] = b;
             },
             {.status_code = 201, .tag = "burgers"});
    app.del("/burgers/{burger_id}", [](int id) { burgers.erase(id); },
            {.status_code = 204, .tag = "burgers"});
    return app;
}
