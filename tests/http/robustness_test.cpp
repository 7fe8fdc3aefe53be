// SPDX-License-Identifier: MIT

// Whatever is cancelled, fails or comes in another order: nothing leaks, hangs or is mixed up.
#include "http/serving.hpp"
#include <rondo/core/sleep.hpp>
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/fault_plan.hpp>

#include <cerrno>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::sleep;

namespace {

class ticks final : public http::detail::body_stream {
public:
    coro<bool> next(std::string& to) override {
        co_await sleep(1ms);
        to += "tick";
        co_return ++count_ < 3;
    }
    coro<void> aclose() override { co_await sleep(1ms); }

private:
    int count_ = 0;
};

class afterwards final : public http::detail::after_response {
public:
    coro<void> run(bool) override { co_await sleep(1ms); }
};

coro<void> answer_each(http::request& asked, http::response& answer) {
    if (asked.path() == "/stream") {
        answer = http::detail::stream_response(rondo::make_box<ticks>(), "text/plain");
        co_return;
    }
    const std::string_view body = co_await asked.body();
    co_await sleep(1ms);
    answer = http::text(std::string(asked.target()) + std::string(body));
    http::detail::response_parts::after(answer) = rondo::make_box<afterwards>();
}

const std::string requests =
    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
    "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
    "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"
    "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    "GET /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// What all of these are answered with, but for the heads.
constexpr std::string_view bodies[] = {"\r\n\r\n/1", "\r\n\r\n/2hello",
                                       "\r\n\r\n4\r\ntick\r\n4\r\ntick\r\n4\r\ntick\r\n0\r\n\r\n",
                                       "\r\n\r\n/3abc", "\r\n\r\n/4"};

bool is_right(const std::string& text) {
    std::size_t at = 0;
    for (const std::string_view body : bodies) {
        at = text.find(body, at);
        if (at == text.npos) {
            return false;
        }
        at += body.size();
    }
    return at == text.size();
}

/// A server and its client, none of which outlives the other.
coro<void> exchange(std::string& answers) {
    rondo::get_running_loop().set_exception_handler(
        [](rondo::event_loop&, const rondo::exception_context&) {});
    struct listener {
        rondo::event ready;
        std::uint16_t port = 0;
    } heard;
    scripted app(answer_each);
    const auto listening = [](void* context, std::uint16_t port) {
        auto* to = static_cast<listener*>(context);
        to->port = port;
        to->ready.set();
    };
    http::serve_options options;
    options.port = 0;
    auto both = [&](rondo::task_group& group) -> coro<void> {
        group.create_task(http::detail::serve(app, options, listening, &heard));
        co_await heard.ready.wait();
        rondo::stream s = co_await connect_to(heard.port);
        s.write(requests);
        answers = co_await s.read();
        group.cancel();
    };
    co_await rondo::with(rondo::task_group(), both);
}

}  // namespace

TEST(robustness, a_server_may_be_cancelled_at_any_await) {
    std::string answers;
    const int suspensions =
        rondo::testing::cancel_sweep([&]() -> coro<void> { return exchange(answers); });
    EXPECT_GE(suspensions, 20);
    EXPECT_TRUE(is_right(answers)) << answers;
}

TEST(robustness, any_system_call_may_fail) {
    int failures = 0;
    for (int nth = 1;; ++nth) {
        rondo::testing::fault_plan plan;
        plan.fail_any(nth, ECONNRESET);
        rondo::testing::options how;
        how.network = rondo::testing::network_link();
        how.faults = &plan;
        std::string answers;
        try {
            rondo::testing::run(exchange(answers), how);
        } catch (const std::system_error&) {
        } catch (const rondo::exception_group&) {
        }
        if (plan.failed() == 0) {
            EXPECT_TRUE(is_right(answers));
            break;
        }
        ++failures;
        ASSERT_LT(failures, 500);
    }
    EXPECT_GE(failures, 8);
}

TEST(robustness, answers_do_not_depend_on_the_order_of_what_is_ready) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        rondo::testing::options how;
        how.seed = seed;
        rondo::testing::network_link link;
        link.jitter = 5ms;
        link.segment = 1 + seed % 40;
        link.shorts = 0.2;
        how.network = link;
        std::string answers;
        rondo::testing::run(exchange(answers), how);
        EXPECT_TRUE(is_right(answers)) << seed << '\n' << answers;
    }
}
