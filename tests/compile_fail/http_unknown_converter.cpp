// SPDX-License-Identifier: MIT
// expect: a_name_in_the_route_has_a_converter_that_is_not_int_float_uuid_or_path
#include <rondo/http/http.hpp>

namespace http = rondo::http;

void add_routes(http::app& app) {
#ifdef RONDO_GOOD
    app.get("/{id:int}", [](int id) { return id; });
#else
    app.get("/{id:number}", [](int id) { return id; });
#endif
}
