// SPDX-License-Identifier: MIT
// expect: a single parameter needs its name, http::query<int
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/", [](http::query<int, "n"> n) { return int(n); });
#else
    app.get("/", [](http::query<int> n) { return int(n); });
#endif
}
