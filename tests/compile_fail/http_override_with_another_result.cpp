// SPDX-License-Identifier: MIT
// expect: what stands in for a dependency has the same result
#include <rondo/http/http.hpp>

int number() { return 1; }

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.override_dependency<number>([] { return 2; });
#else
    app.override_dependency<number>([] { return std::string(); });
#endif
}
