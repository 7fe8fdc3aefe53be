// SPDX-License-Identifier: MIT
// expect: a_brace_in_the_route_is_not_closed
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/items/{id}", [](int id) { return id; });
#else
    app.get("/items/{id", [](int id) { return id; });
#endif
}
