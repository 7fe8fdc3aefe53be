// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>

#include <cstddef>
#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <utility>

/// A chat server with rooms. Everybody begins in "lobby"; `/join ROOM` and `/nick NAME` change
/// that, and every other line goes to all in the room.
///
/// Back-pressure: the lines for each member wait in a bounded queue of that member's own, and a
/// task of its own sends them. A member who does not read fills nothing but that queue; once it is
/// full, the member is disconnected, and nobody else has waited.
class chat_server {
public:
    explicit chat_server(int unread_lines = 100) : unread_lines_(unread_lines) {}

    /// The handler of a connection: start_server(...) runs one for each.
    rondo::coro<void> serve(rondo::stream s) {
        auto [in, out] = std::move(s).split();
        member me{*this};
        tell_room(me, "joins");
        const char* why = "leaves";
        try {
            // Whichever ends first ends the other one.
            co_await rondo::with(me.session, [&]() -> rondo::coro<void> {
                co_await rondo::race(read(me, in), send(me, out));
            });
        } catch (const std::exception&) {  // the connection is lost, or a line too long
            why = "is gone";
        }
        tell_room(me, me.session.cancelled_caught() ? "reads too slowly" : why);
    }

    std::size_t members() const noexcept { return members_.size(); }

private:
    struct member {
        explicit member(chat_server& of)
            : chat(of), name("guest" + std::to_string(++of.guests_)), lines(of.unread_lines_) {
            chat.members_.insert(this);
        }
        member(const member&) = delete;
        ~member() { chat.members_.erase(this); }

        chat_server& chat;
        std::string name;
        std::string room = "lobby";
        rondo::queue<std::string> lines;  // not sent yet
        rondo::cancel_scope session;
    };

    rondo::coro<void> read(member& me, rondo::stream_reader& in) {
        for (auto line = co_await in.readline(); !line.empty(); line = co_await in.readline()) {
            while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
                line.pop_back();
            }
            obey(me, line);
        }
    }

    rondo::coro<void> send(member& me, rondo::stream_writer& out) {
        for (;;) {
            out.write(co_await me.lines.get());
            co_await out.drain();
        }
    }

    void obey(member& me, std::string_view line) {
        if (line.substr(0, 6) == "/join ") {
            tell_room(me, "leaves");
            me.room = line.substr(6);
            tell_room(me, "joins");
        } else if (line.substr(0, 6) == "/nick ") {
            tell_room(me, "is now " + std::string(line.substr(6)));
            me.name = line.substr(6);
        } else if (!line.empty()) {
            post(me.room, me.name + ": " + std::string(line) + "\n");
        }
    }

    void tell_room(const member& who, std::string_view what) {
        post(who.room, "* " + who.name + " " + std::string(what) + "\n");
    }

    void post(std::string_view room, const std::string& line) {
        for (member* each : members_) {
            if (each->room != room || each->session.cancel_called()) {
                continue;
            }
            if (each->lines.full()) {
                each->session.cancel("too many lines unread");
            } else {
                each->lines.put_nowait(line);
            }
        }
    }

    int unread_lines_;
    int guests_ = 0;
    std::set<member*> members_;
};
