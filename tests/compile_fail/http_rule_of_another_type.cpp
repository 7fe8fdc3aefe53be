// SPDX-License-Identifier: MIT
// expect: min_length
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/", [](http::query<std::string, "n", http::min_length(1)> n) { return n.size(); });
#else
    app.get("/", [](http::query<int, "n", http::min_length(1)> n) { return int(n); });
#endif
}
