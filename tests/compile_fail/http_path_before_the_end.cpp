// SPDX-License-Identifier: MIT
// expect: only_the_last_segment_of_a_route_may_be_a_path
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/x/{p:path}", [](std::string p) { return p; });
#else
    app.get("/{p:path}/x", [](std::string p) { return p; });
#endif
}
