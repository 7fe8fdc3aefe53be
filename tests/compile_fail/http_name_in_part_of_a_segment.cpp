// SPDX-License-Identifier: MIT
// expect: a_name_in_the_route_takes_a_whole_segment_between_slashes
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/items/{id}", [](int id) { return id; });
#else
    app.get("/items/x{id}", [](int id) { return id; });
#endif
}
