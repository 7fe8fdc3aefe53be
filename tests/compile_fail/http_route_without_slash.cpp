// SPDX-License-Identifier: MIT
// expect: a_route_begins_with_a_slash
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/items", [] { return 1; });
#else
    app.get("items", [] { return 1; });
#endif
}
