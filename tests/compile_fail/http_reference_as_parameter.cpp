// SPDX-License-Identifier: MIT
// expect: a handler takes its parameters by value
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/{n}", [](int n) { return n; });
#else
    app.get("/{n}", [](int& n) { return n; });
#endif
}
