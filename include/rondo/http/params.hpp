// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/value_of.hpp>
#include <rondo/http/rules.hpp>
#include <rondo/json/literal.hpp>

namespace rondo::http {

// Where a parameter of a handler comes from, said by its type: FastAPI's Path, Query, Header,
// Cookie, Form and Body.
//
//     app.get("/items/{item_id}", [](int item_id,
//                                    http::query<std::optional<std::string>, "q"> q,
//                                    http::header<std::string, "x-token", min_length(8)> token) …
//
// A parameter *is* its value: it derives from a class T (`q.value_or("")`) and converts to a
// number or an enumerator. It is required unless T is optional or a list, or `default_to(v)` gives
// it a default. Without a name T is a struct, whose members are the parameters, with the rules of
// its `describe`: `http::query<filter>`.

/// A `{name}` of the route. A plain parameter, `int item_id`, takes the next one in order; this
/// takes one by its name, or has rules.
template <class T, json::fixed_text Name = "", auto... Rules>
using path = detail::parameter<detail::source::path, T, Name, Rules...>;

/// A name in the query: `?q=…`. A list takes every one of that name: `?q=a&q=b`.
template <class T, json::fixed_text Name = "", auto... Rules>
using query = detail::parameter<detail::source::query, T, Name, Rules...>;

/// A header field. In a struct a member `x_token` is `x-token`.
template <class T, json::fixed_text Name = "", auto... Rules>
using header = detail::parameter<detail::source::header, T, Name, Rules...>;

/// A cookie that the client sends.
template <class T, json::fixed_text Name = "", auto... Rules>
using cookie = detail::parameter<detail::source::cookie, T, Name, Rules...>;

/// A field of a form, urlencoded or multipart.
template <class T, json::fixed_text Name = "", auto... Rules>
using form = detail::parameter<detail::source::form, T, Name, Rules...>;

/// One member of the JSON object in the body, for handlers that take several. A plain parameter
/// that is a struct, a list or a map takes the whole body.
template <class T, json::fixed_text Name, auto... Rules>
using body = detail::parameter<detail::source::body, T, Name, Rules...>;

}  // namespace rondo::http
