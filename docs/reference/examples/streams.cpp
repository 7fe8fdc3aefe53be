// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

// #region errors
rondo::coro<void> read_records(rondo::stream_reader& in) {
    try {
        for (;;) {
            std::string record = co_await in.readuntil(";");
            std::printf("%s\n", record.c_str());
        }
    } catch (const rondo::incomplete_read_error& e) {
        std::printf("the end came after '%s'\n", e.partial().c_str());
    } catch (const rondo::limit_overrun_error& e) {
        std::printf("no separator in %zu bytes\n", e.consumed());
    }
}
// #endregion

rondo::coro<void> main_() {
    // #region both
    auto [in, out] = rondo::pipe();
    std::vector<std::string> records{"one;", "two;", "thr"};
    out.writelines(records);
    co_await out.drain();
    out.close();
    co_await out.wait_closed();
    co_await read_records(in);
    // #endregion
    // #region halves
    auto [here, there] = rondo::socket::pair();
    auto [from, to] = rondo::stream(std::move(here)).split();
    rondo::stream other(std::move(there));
    to.write("what one half says");
    to.close();  // the other side sees the end, and may still answer
    std::string question = co_await other.read();
    other.write("is heard, and answered");
    other.close();
    std::string answer = co_await from.read();
    std::printf("%s %s\n", question.c_str(), answer.c_str());
    // #endregion
}

int main() { rondo::run(main_()); }
