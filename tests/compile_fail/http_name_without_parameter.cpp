// SPDX-License-Identifier: MIT
// expect: a_name_in_the_route_is_taken_by_no_parameter_of_the_handler
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/items/{id}", [](int id) { return id; });
#else
    app.get("/items/{id}", [] { return 1; });
#endif
}
