// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/http/app.hpp>
#include <rondo/http/response.hpp>
#include <rondo/json/json.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace rondo::http {

namespace detail {
class test_client_core;
}

/// Calls an app without a socket: Starlette's TestClient.
///
///     http::test_client client(app);
///     auto response = client.get("/items/foo");
///     assert(response.status_code == 200);
///     assert(response.json<item>().title == "Foo");
///
/// It has a loop of its own, in which the app's lifespan is entered when the client is made, and
/// left when it is destroyed. Each call returns once the answer is whole and the background tasks
/// are done. Cookies are kept from call to call. Not from inside a running loop: runtime_error.
/// Threads: one.
class test_client {
public:
    explicit test_client(app& of);
    test_client(test_client&& other) noexcept;
    test_client& operator=(test_client&& other) noexcept;
    ~test_client();

    // ---- operations
    response get(std::string_view url, const headers& h = {});
    response del(std::string_view url, const headers& h = {});
    response head(std::string_view url, const headers& h = {});
    response options(std::string_view url, const headers& h = {});
    /// Sends a value as JSON.
    template <class T>
        requires(!std::convertible_to<const T&, std::string_view>)
    response post(std::string_view url, const T& body, const headers& h = {}) {
        return send_json("POST", url, json::dumps(body), h);
    }
    template <class T>
        requires(!std::convertible_to<const T&, std::string_view>)
    response put(std::string_view url, const T& body, const headers& h = {}) {
        return send_json("PUT", url, json::dumps(body), h);
    }
    template <class T>
        requires(!std::convertible_to<const T&, std::string_view>)
    response patch(std::string_view url, const T& body, const headers& h = {}) {
        return send_json("PATCH", url, json::dumps(body), h);
    }
    /// Any method, any body.
    response request(std::string_view method, std::string_view url, std::string body = {},
                     const headers& h = {});

    // ---- observers
    /// The headers that each request gets, besides its own.
    http::headers& headers() noexcept;

private:
    response send_json(std::string_view method, std::string_view url, std::string body,
                       const http::headers& h);

    box<detail::test_client_core> core_;
};

}  // namespace rondo::http
