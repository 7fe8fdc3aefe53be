// SPDX-License-Identifier: MIT
// expect: a_plain_parameter_has_no_name_in_the_route__add_one_or_write_http_query
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/items/{id}", [](int id) { return id; });
#else
    app.get("/items", [](int id) { return id; });
#endif
}
