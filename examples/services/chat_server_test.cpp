// SPDX-License-Identifier: MIT
#include "chat_server.hpp"

#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <gtest/gtest.h>

using namespace rondo;
namespace sim = rondo::testing;

namespace {

coro<stream> visit(chat_server& chat, std::vector<task<void>>& sessions) {
    auto [ours, theirs] = sim::memory_stream_pair();
    sessions.push_back(create_task(chat.serve(std::move(theirs))));
    co_await sim::wait_all_tasks_blocked();
    co_return std::move(ours);
}

void run_chat(coro<void> (*scenario)(chat_server&, std::vector<task<void>>&), int unread = 100) {
    sim::run([](auto scenario_, int unread_) -> coro<void> {
        chat_server chat(unread_);
        std::vector<task<void>> sessions;
        co_await scenario_(chat, sessions);
        EXPECT_EQ(chat.members(), 0U);
    }(scenario, unread));
}

coro<void> end(stream s, task<void> session) {
    s.close();
    co_await session;
}

}  // namespace

TEST(chat_server, a_line_goes_to_all_in_the_room_and_to_nobody_else) {
    run_chat([](chat_server& chat, std::vector<task<void>>& sessions) -> coro<void> {
        auto ann = co_await visit(chat, sessions);
        EXPECT_EQ(co_await ann.readline(), "* guest1 joins\n");
        auto bob = co_await visit(chat, sessions);
        EXPECT_EQ(co_await bob.readline(), "* guest2 joins\n");
        EXPECT_EQ(co_await ann.readline(), "* guest2 joins\n");

        ann.write("/nick Ann\nhello\r\n");
        EXPECT_EQ(co_await bob.readline(), "* guest1 is now Ann\n");
        EXPECT_EQ(co_await bob.readline(), "Ann: hello\n");

        bob.write("/join kitchen\nis anybody here?\n");
        EXPECT_EQ(co_await ann.readline(), "* guest1 is now Ann\n");
        EXPECT_EQ(co_await ann.readline(), "Ann: hello\n");
        EXPECT_EQ(co_await ann.readline(), "* guest2 leaves\n");
        EXPECT_EQ(co_await bob.readline(), "* guest2 leaves\n");
        EXPECT_EQ(co_await bob.readline(), "* guest2 joins\n");
        EXPECT_EQ(co_await bob.readline(), "guest2: is anybody here?\n");

        co_await end(std::move(bob), sessions[1]);
        co_await end(std::move(ann), sessions[0]);
    });
}

TEST(chat_server, a_member_who_does_not_read_is_sent_away_and_holds_up_nobody) {
    run_chat(
        [](chat_server& chat, std::vector<task<void>>& sessions) -> coro<void> {
            auto busy = co_await visit(chat, sessions);
            auto asleep = co_await visit(chat, sessions);
            const std::string line = std::string(4000, 'x') + "\n";
            EXPECT_EQ(co_await busy.readline(), "* guest1 joins\n");
            EXPECT_EQ(co_await busy.readline(), "* guest2 joins\n");
            std::string last;
            for (int i = 0; i < 200 && last != "* guest2 reads too slowly\n"; ++i) {
                busy.write(line);
                last = co_await busy.readline();
            }
            EXPECT_EQ(last, "* guest2 reads too slowly\n");
            EXPECT_EQ(chat.members(), 1U);
            co_await sessions[1];
            co_await end(std::move(busy), sessions[0]);
        },
        5);
}

TEST(chat_server, who_loses_the_connection_is_gone) {
    run_chat([](chat_server& chat, std::vector<task<void>>& sessions) -> coro<void> {
        auto ann = co_await visit(chat, sessions);
        auto bob = co_await visit(chat, sessions);
        EXPECT_EQ(co_await ann.readline(), "* guest1 joins\n");
        EXPECT_EQ(co_await ann.readline(), "* guest2 joins\n");
        bob.write(std::string(100'000, 'x'));  // no line is that long
        EXPECT_EQ(co_await ann.readline(), "* guest2 is gone\n");
        co_await sessions[1];
        co_await end(std::move(ann), sessions[0]);
    });
}
