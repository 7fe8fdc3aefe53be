// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "connections.hpp"
#include "net/name_lookup.hpp"
#include "net/temporary_path.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// What the C library would say, while it lives.
class fake_names {
public:
    explicit fake_names(std::map<std::string, std::vector<std::string>> names) {
        known() = std::move(names);
        detail::name_lookup::replace_library(look_up);
    }
    fake_names(const fake_names&) = delete;
    fake_names& operator=(const fake_names&) = delete;
    ~fake_names() { detail::name_lookup::replace_library(nullptr); }

private:
    static std::map<std::string, std::vector<std::string>>& known() {
        static std::map<std::string, std::vector<std::string>> names;
        return names;
    }
    static int look_up(const char* host, std::vector<sys::socket_address>& found) {
        for (const std::string& ip : known()[host]) {
            found.push_back(address(ip, 0).raw());
        }
        return found.empty() ? -2 : 0;  // EAI_NONAME
    }
};

/// A listener whose queue is full, so that whoever connects waits for ever.
class black_hole {
public:
    explicit black_hole(const address& at) : listener_(rondo::socket::tcp()) {
        listener_.set_option(socket_option::reuse_address, 1);
        listener_.bind(at);
        listener_.listen(0);
    }
    coro<void> fill() {
        rondo::socket first = rondo::socket::tcp();
        co_await first.connect(at());
        inside_.push_back(std::move(first));
        for (bool full = false; !full;) {
            rondo::socket s = rondo::socket::tcp();
            const bool in =
                co_await move_on_after(20ms, [&]() -> coro<void> { co_await s.connect(at()); });
            full = !in;
            inside_.push_back(std::move(s));
        }
    }
    address at() const { return listener_.getsockname(); }

private:
    rondo::socket listener_;
    std::vector<rondo::socket> inside_;
};

std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

coro<std::string> conversation(std::string path) {
    auto client = co_await open_unix_connection(path);
    client.write("hello");
    co_return co_await client.readexactly(5);
}

}  // namespace

BEHAVIOUR(B247_the_second_address_wins_after_the_delay_and_the_loser_is_closed) {
    run([&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.3", 0);
        black_hole hole(address("127.0.0.2", server.port()));
        co_await hole.fill();
        const fake_names names({{"slow.test", {"127.0.0.2", "127.0.0.3"}}});
        connection_options quick;
        quick.happy_eyeballs_delay = 5ms;
        co_await getaddrinfo("slow.test", 1);  // its threads exist from now on
        const auto before = open_descriptors();
        {
            auto client = co_await open_connection("slow.test", server.port(), quick);
            EXPECT_EQ(client.peername().host(), "127.0.0.3");
            EXPECT_EQ(client.peername().port(), server.port());
            client.write("hello");
            EXPECT_EQ(co_await client.readexactly(5), "hello");
            EXPECT_EQ(open_descriptors(), before + 2);  // both ends of this connection
        }
        server.close();
        co_await server.wait_closed();
    });
}

BEHAVIOUR(B247_without_a_delay_the_next_address_is_tried_when_one_has_failed) {
    run([&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.3", 0);
        const fake_names names({{"two.test", {"127.0.0.2", "127.0.0.3"}}});
        connection_options in_order;
        in_order.happy_eyeballs_delay = std::nullopt;
        auto client = co_await open_connection("two.test", server.port(), in_order);
        EXPECT_EQ(client.peername().host(), "127.0.0.3");
        black_hole hole(address("127.0.0.2", server.port()));
        co_await hole.fill();
        auto attempt = open_connection("two.test", server.port(), in_order);
        auto waiting = create_task(std::move(attempt));
        co_await sleep(20ms);
        EXPECT_FALSE(waiting.done());
        waiting.cancel();
        EXPECT_THROW(co_await waiting, cancelled_error);
    });
}

BEHAVIOUR(B247_all_errors_are_told_in_one_or_as_a_group) {
    run([&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const auto port = server.port();
        server.close();
        const fake_names names({{"no.test", {"127.0.0.1", "::1"}}});
        EXPECT_EQ(co_await errno_of(open_connection("no.test", port)), ECONNREFUSED);
        connection_options grouped;
        grouped.all_errors = true;
        try {
            co_await open_connection("no.test", port, grouped);
            ADD_FAILURE() << "nobody listens";
        } catch (const exception_group& group) {
            EXPECT_EQ(group.exceptions().size(), 2u);
            EXPECT_NE(group.find<std::system_error>(), nullptr);
        }
        EXPECT_THROW(co_await open_connection("unknown.test", port), std::runtime_error);
    });
}

BEHAVIOUR(B248_a_local_address_is_used_and_an_error_of_it_names_it) {
    run([&]() -> coro<void> {
        const auto tell = [](stream client) -> coro<void> {
            client.write(client.peername().host());
            co_return;
        };
        auto server = co_await start_server(tell, "127.0.0.1", 0);
        connection_options from;
        from.local_addr = address("127.0.0.7", 0);
        auto client = co_await open_connection("127.0.0.1", server.port(), from);
        EXPECT_EQ(co_await client.read(), "127.0.0.7");

        from.local_addr = server.sockets().front();
        try {
            co_await open_connection("127.0.0.1", server.port(), from);
            ADD_FAILURE() << "the port is taken";
        } catch (const std::system_error& e) {
            EXPECT_EQ(e.code().value(), EADDRINUSE);
            EXPECT_TRUE(std::string(e.what()).starts_with("bind to " +
                                                          server.sockets().front().to_string()))
                << e.what();
        }
        from.local_addr = address("::1", 0);
        EXPECT_EQ(co_await errno_of(open_connection("127.0.0.1", server.port(), from)),
                  EAFNOSUPPORT);
    });
}

BEHAVIOUR(B249_a_unix_server_serves_at_a_path_and_removes_it) {
    run([&]() -> coro<void> {
        const temporary_path path;
        auto server = co_await start_unix_server(echo, path.string());
        EXPECT_EQ(server.sockets().front().path(), path.string());
        EXPECT_EQ(server.port(), 0);
        EXPECT_EQ(co_await conversation(path.string()), "hello");
        server.close();
        EXPECT_FALSE(path.exists());
        EXPECT_EQ(co_await errno_of(open_unix_connection(path.string())), ENOENT);

        server_options keep;
        keep.cleanup_socket = false;
        auto kept = co_await start_unix_server(echo, path.string(), keep);
        kept.close();
        EXPECT_TRUE(path.exists());
        EXPECT_EQ(co_await errno_of(open_unix_connection(path.string())), ECONNREFUSED);
    });
}

BEHAVIOUR(B249_a_stale_socket_is_replaced_and_any_other_file_is_not) {
    run([&]() -> coro<void> {
        const temporary_path path;
        server_options keep;
        keep.cleanup_socket = false;
        {
            auto first = co_await start_unix_server(echo, path.string(), keep);
        }
        EXPECT_TRUE(path.exists());
        auto second = co_await start_unix_server(echo, path.string());
        EXPECT_EQ(co_await conversation(path.string()), "hello");
        second.close();

        std::ofstream(path.string()) << "not a socket";
        EXPECT_EQ(co_await errno_of(start_unix_server(echo, path.string())), EADDRINUSE);
        EXPECT_TRUE(path.exists());
    });
}

BEHAVIOUR(B249_a_path_that_has_another_owner_by_now_is_left_alone) {
    run([&]() -> coro<void> {
        const temporary_path path;
        auto first = co_await start_unix_server(echo, path.string());
        auto second = co_await start_unix_server(echo, path.string());  // takes the path over
        first.close();
        EXPECT_TRUE(path.exists());
        EXPECT_EQ(co_await conversation(path.string()), "hello");
    });
}

BEHAVIOUR(B249_names_in_the_abstract_namespace_have_no_file) {
    run([&]() -> coro<void> {
        const std::string name = std::string("\0rondo test ", 12) + GetParam();
        auto server = co_await start_unix_server(echo, name);
        EXPECT_EQ(server.sockets().front().path(), name);
        EXPECT_EQ(server.sockets().front().to_string(), "@" + name.substr(1));
        EXPECT_EQ(co_await conversation(name), "hello");
        EXPECT_EQ(co_await errno_of(start_unix_server(echo, name)), EADDRINUSE);
        server.close();
        EXPECT_EQ(co_await errno_of(open_unix_connection(name)), ECONNREFUSED);
        EXPECT_THROW(co_await open_unix_connection(std::string(108, 'x')), std::invalid_argument);
        EXPECT_THROW(co_await open_unix_connection(""), std::invalid_argument);
    });
}

BEHAVIOUR(B249_a_unix_listener_without_room_is_waited_for) {
    run([&]() -> coro<void> {
        const temporary_path path;
        const address at = address::of_path(path.string());
        rondo::socket listener = rondo::socket::for_address(at);
        listener.bind(at);
        listener.listen(0);
        const auto connect = [at]() -> coro<rondo::socket> {
            rondo::socket s = rondo::socket::for_address(at);
            co_await s.connect(at);
            co_return s;
        };
        const rondo::socket first = co_await connect();
        auto second = create_task(connect());
        co_await sleep(5ms);
        EXPECT_FALSE(second.done());
        const rondo::socket accepted = co_await listener.accept();
        const rondo::socket connected = co_await std::move(second);
        EXPECT_FALSE(connected.is_closed());
    });
}
