// SPDX-License-Identifier: MIT
// expect: http_path_names_something_that_is_not_in_the_route
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/items/{id}", [](http::path<int, "id"> id) { return int(id); });
#else
    app.get("/items/{id}", [](http::path<int, "item"> id) { return int(id); });
#endif
}
