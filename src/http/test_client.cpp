// SPDX-License-Identifier: MIT
#include "http/app_core.hpp"
#include "http/request_state.hpp"
#include <rondo/core/run.hpp>
#include <rondo/http/detail/body_stream.hpp>
#include <rondo/http/request.hpp>
#include <rondo/http/test_client.hpp>

#include <map>
#include <string>
#include <utility>

namespace rondo::http {

namespace detail {

class test_client_core {
public:
    explicit test_client_core(app& of) : app_(of.core()) {
        app_.begin(of);
        runner_.run(app_.startup());
    }
    ~test_client_core() { runner_.run(app_.shutdown()); }

    response send(std::string_view method, std::string_view url, std::string body,
                  http::headers fields) {
        return runner_.run(exchange_one(method, url, std::move(body), std::move(fields)));
    }

    http::headers headers;

private:
    /// By name alone: a test has one site.
    void keep_cookies(const response& from) {
        for (const std::string_view set : from.headers.get_all("set-cookie")) {
            const std::string_view pair = set.substr(0, set.find(';'));
            const std::size_t equals = pair.find('=');
            const std::string name(pair.substr(0, equals));
            if (set.find("Max-Age=0") != set.npos) {
                cookies_.erase(name);
            } else {
                cookies_[name] = pair.substr(equals + 1);
            }
        }
    }
    void add_cookies(http::headers& to) const {
        std::string all = to["cookie"];
        for (const auto& [name, value] : cookies_) {
            all.append(all.empty() ? "" : "; ").append(name).append("=").append(value);
        }
        if (!all.empty()) {
            to.set("cookie", all);
        }
    }

    coro<response> exchange_one(std::string_view method, std::string_view url, std::string body,
                                http::headers fields) {
        add_cookies(fields);
        http::request asked =
            make_request(method, url, std::move(fields), std::move(body), address());
        response answer;
        co_await app_.handle(asked, answer);
        if (auto stream = std::move(response_parts::stream(answer))) {
            co_await stream->prepare(asked, answer);
            co_await read_stream(*stream, answer.body);
        }
        if (auto after = std::move(response_parts::after(answer))) {
            co_await after->run(true);
        }
        co_await app_.wait_for_background();
        keep_cookies(answer);
        co_return answer;
    }

    static coro<void> read_stream(body_stream& stream, std::string& to) {
        bool more = true;
        while (more) {
            more = co_await stream.next(to);
        }
        co_await stream.aclose();
    }

    app_core& app_;
    std::map<std::string, std::string> cookies_;
    runner runner_;
};

}  // namespace detail

test_client::test_client(app& of) : core_(new detail::test_client_core(of)) {}
test_client::test_client(test_client&& other) noexcept = default;
test_client& test_client::operator=(test_client&& other) noexcept = default;
test_client::~test_client() = default;

http::headers& test_client::headers() noexcept { return core_->headers; }

response test_client::get(std::string_view url, const http::headers& h) {
    return request("GET", url, {}, h);
}
response test_client::del(std::string_view url, const http::headers& h) {
    return request("DELETE", url, {}, h);
}
response test_client::head(std::string_view url, const http::headers& h) {
    return request("HEAD", url, {}, h);
}
response test_client::options(std::string_view url, const http::headers& h) {
    return request("OPTIONS", url, {}, h);
}

response test_client::send_json(std::string_view method, std::string_view url, std::string body,
                                const http::headers& h) {
    http::headers fields = h;
    fields.set("content-type", "application/json");
    return request(method, url, std::move(body), fields);
}

response test_client::request(std::string_view method, std::string_view url, std::string body,
                              const http::headers& h) {
    http::headers fields = core_->headers;
    for (const auto& [name, value] : h) {
        fields.set(name, value);
    }
    return core_->send(method, url, std::move(body), std::move(fields));
}

}  // namespace rondo::http
