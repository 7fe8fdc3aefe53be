// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>

using namespace std::chrono_literals;

struct connection {
    int number;
};

rondo::coro<connection> acquire_db_connection() {
    co_await rondo::sleep(1s);
    std::puts("connection acquired");
    co_return connection{1};
}

rondo::coro<void> release_db_connection(connection) {
    co_await rondo::sleep(1s);
    std::puts("connection released");
}

// What stands after co_yield runs however the body ends.
rondo::context_manager<connection> get_connection() {
    connection conn = co_await acquire_db_connection();
    co_yield conn;
    co_await release_db_connection(conn);
}

rondo::coro<void> main_() {
    co_await rondo::with(get_connection(), [](connection& conn) -> rondo::coro<void> {
        std::printf("connection %d used\n", conn.number);
        co_return;
    });
}

int main() { rondo::run(main_()); }
