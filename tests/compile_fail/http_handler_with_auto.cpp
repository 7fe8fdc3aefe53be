// SPDX-License-Identifier: MIT
// expect: the parameters of a handler say where its values come from
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/{n}", [](int n) { return n; });
#else
    app.get("/{n}", [](auto n) { return n; });
#endif
}
