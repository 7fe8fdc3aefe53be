// SPDX-License-Identifier: MIT
// A dependency that tests replace; testing_test.cpp shows how.
#include "testing.hpp"

#include "make_app.hpp"

namespace http = rondo::http;

rondo::coro<database> get_db() {
    database db{{"foo", {"foo", "Foo", {}}}};
    co_return db;
}

http::app make_app() {
    http::app app;
    app.get("/items/{item_id}", [](std::string item_id, http::depends<get_db> db) {
        if (!db->contains(item_id)) {
            throw http::error(404, "Item not found");
        }
        return (*db)[item_id];
    });
    return app;
}
