// SPDX-License-Identifier: MIT
// expect: take a std::string, not a std::string_view
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/{n}", [](std::string n) { return n; });
#else
    app.get("/{n}", [](std::string_view n) { return std::string(n); });
#endif
}
