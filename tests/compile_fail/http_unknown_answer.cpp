// SPDX-License-Identifier: MIT
// expect: a handler returns what JSON can hold
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/", [] { return 1; });
#else
    app.get("/", [] { return static_cast<void*>(nullptr); });
#endif
}
