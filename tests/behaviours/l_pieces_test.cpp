// SPDX-License-Identifier: MIT

// write() of several pieces, and of a string that may keep its memory.
#include "behaviour.hpp"
#include "connections.hpp"
#include "toy_layer.hpp"
#include <rondo/testing/fault_plan.hpp>

#include <cerrno>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;
using rondo::testing::call;

namespace {

/// Two ends of which the first has waited for something already, so that small pieces may wait for
/// each other.
coro<stream_pair> acquainted() {
    auto pair = co_await connected();
    auto hearing = create_task(pair.near.read(1));
    co_await yield_now();
    pair.far.write("!");
    co_await hearing;
    co_return pair;
}

std::string text(std::size_t size, std::size_t seed) {
    std::string all(size, ' ');
    for (std::size_t i = 0; i < size; ++i) {
        all[i] = static_cast<char>('a' + (i * 7 + seed) % 26);
    }
    return all;
}

/// How many calls that send there were.
int sends(const rondo::testing::fault_plan& plan) {
    return plan.calls(call::send) + plan.calls(call::sendmsg);
}

}  // namespace

BEHAVIOUR(B240_a_head_and_a_body_leave_by_one_call) {
    rondo::testing::fault_plan plan;
    const rondo::testing::fault_plan::guard guard(&plan);
    run([&]() -> coro<void> {
        for (const std::size_t size : {std::size_t{5}, std::size_t{20'000}}) {
            for (const bool busy : {false, true}) {
                auto [near, far] = co_await acquainted();
                const std::string body = text(size, 1);
                const int before = sends(plan);
                if (busy) {
                    get_running_loop().call_soon([] {});
                }
                near.write({"head: ", body});
                EXPECT_EQ(co_await far.readexactly(6 + size), "head: " + body);
                EXPECT_EQ(sends(plan), before + 1) << size << (busy ? " busy" : " idle");
            }
        }
    });
}

BEHAVIOUR(B240_pieces_keep_their_place_among_small_writes) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await acquainted();
        std::string said;
        for (std::size_t i = 0; i < 50; ++i) {
            get_running_loop().call_soon([] {});
            const std::string small = text(1 + i, i);
            const std::string large = text(1 + i * 517 % 9'000, i);
            near.write(small);
            near.write({large, "", small});
            near.write(std::string(large));
            said += small;
            said += large;
            said += small;
            said += large;
            if (i % 10 == 9) {
                EXPECT_TRUE(co_await far.readexactly(said.size()) == said);
                said.clear();
            }
        }
    });
}

BEHAVIOUR(B240_more_pieces_than_one_call_takes_and_pieces_without_bytes) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        std::vector<std::string> parts;
        std::string all;
        for (std::size_t i = 0; i < 100; ++i) {
            parts.push_back(text(i % 3 == 0 ? 0 : i * 31, i));
            all += parts.back();
        }
        const std::vector<std::string_view> pieces(parts.begin(), parts.end());
        near.write(pieces);
        near.write({});
        near.write({"", ""});
        near.write_eof();
        EXPECT_TRUE(co_await far.read() == all);
    });
}

BEHAVIOUR(B240_pieces_that_leave_in_parts_arrive_whole) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        near.set_option(socket_option::send_buffer, 4'096);
        std::string said;
        auto hearing = create_task([](stream& from) -> coro<std::string> {
            std::string all;
            for (bool more = co_await from.fill(); more; more = co_await from.fill()) {
                all += from.buffered();
                from.consume(from.buffered().size());
                co_await sleep(10us);  // so that the socket is full now and then
            }
            co_return all;
        }(far));
        for (std::size_t i = 0; said.size() < 2'000'000; ++i) {
            const std::string a = text(i * 7'919 % 20'000, i);
            const std::string b = text(i * 104'729 % 20'000, i);
            near.write({a, b});
            said += a + b;
            std::string c = text(i * 31'337 % 30'000, i);
            said += c;
            near.write(std::move(c));
            co_await near.drain();
        }
        near.close();
        const std::string got = co_await hearing;
        EXPECT_TRUE(got == said) << got.size() << " of " << said.size() << " bytes";
    });
}

BEHAVIOUR(B240_a_string_that_does_not_leave_keeps_its_memory) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        const std::string all = text(20'000'000, 3);
        std::string given = all;
        near.write(std::move(given));
        EXPECT_GT(near.write_buffer_size(), 1'000'000u);
        EXPECT_TRUE(given.empty());  // NOLINT: that it was taken is what is tested
        near.write(std::string("the end"));
        near.close();
        EXPECT_TRUE(co_await far.read() == all + "the end");
    });
}

BEHAVIOUR(B241_a_connection_that_is_lost_amid_pieces_drops_the_rest) {
    for (const int nth : {1, 2, 5}) {
        rondo::testing::fault_plan plan;
        plan.fail(call::sendmsg, nth, ECONNRESET);
        const rondo::testing::fault_plan::guard guard(&plan);
        run([&]() -> coro<void> {
            auto [near, far] = co_await connected();
            std::vector<std::string> parts(100, text(1'000, 4));
            const std::vector<std::string_view> pieces(parts.begin(), parts.end());
            near.write(pieces);
            EXPECT_EQ(near.write_buffer_size(), 0u);
            near.write({"dropped", "as well"});
            EXPECT_EQ(co_await errno_of(near.drain()), ECONNRESET);
            const std::string got = co_await far.read();
            EXPECT_EQ(got.size(), static_cast<std::size_t>(nth - 1) * 16'000);
        });
    }
}

BEHAVIOUR(B242_pieces_after_write_eof_are_refused) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        near.write_eof();
        EXPECT_THROW(near.write({"a", "b"}), std::runtime_error);
        EXPECT_THROW(near.write(std::string("a")), std::runtime_error);
        EXPECT_EQ(co_await far.read(), "");
    });
}

BEHAVIOUR(B251_pieces_and_strings_over_a_layer) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        co_await put_layer_on(near, far);
        const std::string body = text(100'000, 5);
        near.write({"head", body});
        near.write(std::string(body));
        near.close();
        EXPECT_TRUE(co_await far.read() == "head" + body + body);
    });
}

BEHAVIOUR(B240_pieces_to_a_pipe_leave_by_one_call) {
    if (simulated()) {
        return;  // it has no pipes
    }
    rondo::testing::fault_plan plan;
    const rondo::testing::fault_plan::guard guard(&plan);
    run([&]() -> coro<void> {
        auto [in, out] = rondo::pipe();
        out.write({"head ", "and ", "body"});
        EXPECT_EQ(plan.calls(call::writev), 1);
        EXPECT_EQ(plan.calls(call::write), 0);
        const std::string large = text(300'000, 6);  // more than a pipe takes
        auto hearing = create_task(in.read());
        out.write({large, large});
        out.write(std::string(large));
        out.close();
        EXPECT_TRUE(co_await hearing == "head and body" + large + large + large);
    });
}
