// SPDX-License-Identifier: MIT
#include "torture/world.hpp"

#include <cstdio>
#include <numeric>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace torture {

using namespace rondo;
using namespace std::chrono_literals;
namespace sim = rondo::testing;

namespace {

constexpr std::uint16_t port = 80;
/// For a client, who gives up then.
nanoseconds enough_time(const world& w) { return w.calm() ? nanoseconds(10min) : 40s; }

// ---- what all of them need

/// Listens, however often the kernel refuses.
template <class F>
coro<server> listen_stubbornly(F handler) {
    for (int tries = 0; tries < 100; ++tries) {
        try {
            co_return co_await start_server(handler, "", port);
        } catch (const std::system_error&) {
        }
        co_await sleep(1s);
    }
    throw broken_promise("listening succeeds when the kernel lets it");
}

template <class F>
coro<server> serve_at(std::string host, F handler) {
    auto listening = listen_stubbornly(handler);
    co_return co_await sim::at_host(std::move(host), std::move(listening));
}

/// Handlers end when their connections have ended, however these did; and every socket is closed.
coro<void> end_server(server& s) {
    s.close();
    bool ended = co_await move_on_after(1h, [&]() -> coro<void> { co_await s.wait_closed(); });
    world::require(ended, "handlers end when their connections do");
}

coro<void> end_network() {
    co_await sleep(1h);
    world::require(sim::running_network().open_sockets() == 0, "no socket is left open");
}

template <class Client>
coro<void> visit(world& w, Client body) {
    co_await sleep(w.up_to(2s));
    auto limited = wait_for(body(w), enough_time(w));
    co_await despite_the_network(w, std::move(limited));
}

template <class Client>
coro<void> run_clients(world& w, Client body) {
    std::vector<any_task> clients;
    for (int i = 1 + w.below(6); i > 0; --i) {
        auto one = sim::at_host(i % 2 == 0 ? "a" : "b", visit(w, body));
        clients.push_back(create_task(std::move(one)));
    }
    co_await w.survive(std::move(clients));
}

// ---- echo: bytes come once and in order

coro<void> pump(stream& from, stream& to) {
    for (auto data = co_await from.read(10'000); !data.empty(); data = co_await from.read(10'000)) {
        to.write(data);
        co_await to.drain();
    }
    to.write_eof();
}

coro<void> echo(world& w, stream s) {
    auto body = pump(s, s);
    co_await despite_the_network(w, std::move(body));
}

coro<void> send_all(stream& s, const std::string& text) {
    s.write(text);
    co_await s.drain();
}

coro<void> expect_echo(stream& s, const std::string& text) {
    const auto back = co_await s.readexactly(text.size());
    world::require(back == text, "bytes arrive once and in order");
}

std::string piece_for(world& w) { return w.text(1 + w.below(w.chance(0.2) ? 200'000 : 2'000)); }

coro<void> converse(world& w, stream& s) {
    for (int i = w.below(6); i > 0; --i) {
        const std::string text = piece_for(w);
        co_await gather(send_all(s, text), expect_echo(s, text));
    }
}

coro<void> talk_to(world& w, std::string host) {
    auto s = co_await open_connection(std::move(host), port);
    co_await converse(w, s);
    if (w.chance(0.3)) {
        co_return;
    }
    const std::string last_words = piece_for(w);
    s.write(last_words);
    s.write_eof();
    const auto answer = co_await s.read();
    world::require(last_words.starts_with(answer), "bytes arrive once and in order");
    world::require(answer == last_words || !w.calm(), "what was sent before the end arrives");
}

coro<void> play_echo(world& w) {
    auto server = co_await serve_at("server", [&w](stream s) { return echo(w, std::move(s)); });
    co_await run_clients(w, [](world& in) { return talk_to(in, "server"); });
    co_await end_server(server);
    co_await end_network();
}

// ---- proxy: two connections that live and die together

coro<void> relay(stream& down) {
    auto up = co_await open_connection("server", port);
    co_await gather(pump(down, up), pump(up, down));
}

coro<void> be_proxy(world& w, stream down) {
    auto limited = wait_for(relay(down), 2 * enough_time(w));
    co_await despite_the_network(w, std::move(limited));
}

coro<void> play_proxy(world& w) {
    auto server = co_await serve_at("server", [&w](stream s) { return echo(w, std::move(s)); });
    auto proxy = co_await serve_at("proxy", [&w](stream s) { return be_proxy(w, std::move(s)); });
    co_await run_clients(w, [](world& in) { return talk_to(in, "proxy"); });
    co_await end_server(proxy);
    co_await end_server(server);
    co_await end_network();
}

// ---- bank: what is acknowledged has happened, once

class bank {
public:
    static constexpr int accounts = 4;
    static constexpr int in_each = 1000;

    /// "id from to amount"
    std::string apply(const std::string& line) {
        char id[32] = {};
        int from = 0;
        int to = 0;
        int amount = 0;
        if (std::sscanf(line.c_str(), "%31s %d %d %d", id, &from, &to, &amount) != 4) {
            throw broken_promise("a line arrives as it was sent");
        }
        if (applied_.insert(id).second) {
            balances_[from] -= amount;
            balances_[to] += amount;
        }
        return "done " + std::string(id) + "\n";
    }
    bool has_applied(const std::string& id) const { return applied_.contains(id); }
    int total() const { return std::accumulate(balances_, balances_ + accounts, 0); }

private:
    int balances_[accounts] = {in_each, in_each, in_each, in_each};
    std::set<std::string> applied_;
};

coro<void> serve_bank(bank& b, stream& s) {
    for (auto line = co_await s.readline(); line.ends_with('\n'); line = co_await s.readline()) {
        co_await sleep(1ms);
        s.write(b.apply(line));
        co_await s.drain();
    }
}

/// Asks on one connection after the other until there is an answer; false if there never was one.
coro<bool> transfer(world& w, const std::string& id) {
    const std::string order = id + ' ' + std::to_string(w.below(bank::accounts)) + ' ' +
                              std::to_string(w.below(bank::accounts)) + ' ' +
                              std::to_string(w.below(100)) + '\n';
    for (int tries = 0; tries < 4; ++tries) {
        try {
            auto s = co_await open_connection("server", port);
            s.write(order);
            auto answer = co_await wait_for(s.readline(), 3s);
            if (answer == "done " + id + "\n") {
                co_return true;
            }
            world::require(!answer.ends_with('\n'), "an answer arrives as it was sent");
        } catch (const std::system_error&) {
        } catch (const timeout_error&) {
        }
        co_await sleep(w.up_to(1s));
    }
    co_return false;
}

coro<void> be_customer(world& w, const bank& b, int& customers) {
    const std::string name = "c" + std::to_string(++customers) + "-";
    for (int i = w.below(8); i > 0; --i) {
        const std::string id = name + std::to_string(i);
        const bool acknowledged = co_await transfer(w, id);
        world::require(acknowledged || !w.calm(), "nothing fails for no reason");
        world::require(!acknowledged || b.has_applied(id), "what is acknowledged has happened");
    }
}

coro<void> play_bank(world& w) {
    bank b;
    int customers = 0;
    const auto handler = [&w, &b](stream s) -> coro<void> {
        stream own = std::move(s);
        auto body = serve_bank(b, own);
        co_await despite_the_network(w, std::move(body));
    };
    auto server = co_await serve_at("server", handler);
    co_await run_clients(w, [&](world& in) { return be_customer(in, b, customers); });
    co_await end_server(server);
    world::require(b.total() == bank::accounts * bank::in_each, "no money is lost");
    co_await end_network();
}

// ---- chat: a queue for each listener, some of whom do not listen

class chat {
public:
    coro<void> handle(stream& s) {
        const membership mine(*this);
        try {
            co_await race(listen(s), speak(s, mine.box));
        } catch (const std::system_error&) {  // somebody who left without having read everything
        }
    }
    bool empty() const { return members_.empty(); }

private:
    using mailbox = rondo::queue<std::string>;

    struct membership {
        explicit membership(chat& c) : in(c) { in.members_.push_back(&box); }
        membership(const membership&) = delete;
        membership& operator=(const membership&) = delete;
        ~membership() { std::erase(in.members_, &box); }

        chat& in;
        mutable mailbox box{8};
    };

    coro<void> listen(stream& s) {
        for (auto line = co_await s.readline(); !line.empty(); line = co_await s.readline()) {
            for (mailbox* member : members_) {
                if (!member->full()) {
                    member->put_nowait(line);
                }
            }
        }
    }
    static coro<void> speak(stream& s, mailbox& mine) {
        for (;;) {
            s.write(co_await mine.get());
            co_await s.drain();
        }
    }

    std::vector<mailbox*> members_;
};

coro<void> be_guest(world& w) {
    auto s = co_await open_connection("server", port);
    for (int i = w.below(10); i > 0; --i) {
        s.write(w.text(1 + w.below(500)) + "\n");
        co_await s.drain();
        if (w.chance(0.7)) {
            bool heard =
                co_await move_on_after(w.up_to(2s), [&]() -> coro<void> { co_await s.readline(); });
            static_cast<void>(heard);
        }
    }
}

coro<void> play_chat(world& w) {
    chat room;
    const auto handler = [&w, &room](stream s) -> coro<void> {
        stream own = std::move(s);
        auto body = room.handle(own);
        co_await despite_the_network(w, std::move(body));
    };
    auto server = co_await serve_at("server", handler);
    co_await run_clients(w, be_guest);
    co_await end_server(server);
    world::require(room.empty(), "handlers clean up");
    co_await end_network();
}

// ---- last words: what was written before an end arrives, whatever the other side still says

std::string answer_to(char request) {
    std::string text(static_cast<std::size_t>(1 + (request - 'a') * 10'000), ' ');
    for (std::size_t i = 0; i < text.size(); ++i) {
        text[i] = static_cast<char>('a' + (i + static_cast<std::size_t>(request)) % 23);
    }
    return text;
}

coro<void> read_on(stream& s) {
    try {
        static_cast<void>(co_await s.read());
    } catch (const std::system_error&) {  // closed meanwhile
    }
}

coro<void> close_under_a_read(stream& s) {
    auto reading = create_task(read_on(s));
    co_await yield_now();
    s.close();
    co_await reading;
}

/// Answers to the first bytes, and leaves the others unread.
coro<void> answer(world& w, stream& s) {
    const auto begin = co_await s.read(1 + w.below(100));
    if (begin.empty()) {
        co_return;
    }
    s.write(answer_to(begin.front()));
    switch (w.below(5)) {
        case 0:
            s.close();
            co_await s.wait_closed();
            break;
        case 1:
            co_await close_under_a_read(s);
            break;
        case 2:
            s.write_eof();
            static_cast<void>(co_await s.read());
            break;
        case 3:
            co_await s.drain();
            break;
        default:
            break;  // the destructor closes
    }
}

coro<void> speak_last(world& w, stream given) {
    stream s = std::move(given);
    try {
        co_await answer(w, s);
    } catch (const std::system_error&) {  // the client has hung up
    }
}

coro<void> say(stream& s, const std::string& text) {
    try {
        co_await send_all(s, text);
    } catch (const std::system_error&) {  // nobody listens any more
    }
}

/// Whether it stayed to the end.
coro<bool> hear(world& w, stream& s, std::string& heard) {
    const bool hangs_up = w.chance(0.2);
    for (;;) {
        const auto piece = co_await s.read(1 + w.below(20'000));
        if (piece.empty()) {
            co_return true;
        }
        heard += piece;
        if (hangs_up && w.chance(0.2)) {
            w.chance(0.5) ? s.abort() : s.close();
            co_return false;
        }
        co_await sleep(w.chance(0.1) ? w.up_to(100ms) : 0ms);
    }
}

coro<void> ask(world& w, const bool& clients_are_closed) {
    auto s = co_await open_connection("server", port);
    const char letter = static_cast<char>('a' + w.below(26));
    const std::string request(static_cast<std::size_t>(1 + w.below(150'000)), letter);
    std::string heard;
    auto saying = say(s, request);
    auto hearing = hear(w, s, heard);
    auto [nothing, stayed] = co_await gather(std::move(saying), std::move(hearing));
    const std::string all = answer_to(letter);
    world::require(all.starts_with(heard), "bytes arrive once and in order");
    const bool whole = heard == all || (heard.empty() && clients_are_closed);
    world::require(whole || !stayed || !w.calm(), "what was written before the end arrives");
}

coro<void> close_all_clients(world& w, server& s, bool& closed) {
    if (w.chance(0.5)) {
        co_await sleep(w.up_to(3s));
        closed = true;
        s.close_clients();
    }
}

coro<void> play_last_words(world& w) {
    bool closed = false;
    const auto handler = [&w](stream s) { return speak_last(w, std::move(s)); };
    auto server = co_await serve_at("server", handler);
    auto closing = create_task(close_all_clients(w, server, closed));
    co_await run_clients(w, [&closed](world& in) { return ask(in, closed); });
    co_await closing;
    co_await end_server(server);
    co_await end_network();
}

constexpr scenario scenarios[] = {
    {"last words", play_last_words, true},
    {"echo", play_echo, true},
    {"proxy", play_proxy, true},
    {"bank", play_bank, true},
    {"chat", play_chat, true},
};

}  // namespace

std::span<const scenario> net_scenarios() { return scenarios; }

}  // namespace torture
