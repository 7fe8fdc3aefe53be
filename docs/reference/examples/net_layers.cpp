// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/io/stream_upgrade.hpp>
#include <rondo/rondo.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

// #region layer
/// Turns letters upside down, so that nobody can read them; "." alone is the farewell.
class rot13 final : public rondo::stream_layer {
public:
    bool decode(std::string_view wire, std::string& plain, std::string&) override {
        for (char c : wire) {
            if (c == '.') {
                return false;
            }
            plain += turned(c);
        }
        return true;
    }
    void wire_ended() override { throw std::runtime_error("rot13: cut off"); }
    void encode(std::string_view plain, std::string& wire) override {
        for (char c : plain) {
            wire += turned(c);
        }
    }
    void encode_farewell(std::string& wire) override { wire += '.'; }

private:
    static char turned(char c) {
        return c < 'a' || c > 'z' ? c : static_cast<char>('a' + (c - 'a' + 13) % 26);
    }
};
// #endregion

// #region upgrade
class rot13_upgrade final : public rondo::stream_upgrade {
public:
    rondo::coro<rondo::box<rondo::stream_layer>> shake_hands(rondo::stream& plain) override {
        plain.write("rot13?\n");
        std::string said = co_await plain.readline();
        if (said != "rot13?\n") {
            throw std::runtime_error("rot13: the other side does not know it");
        }
        co_return rondo::make_box<rot13>();
    }
};
// #endregion

// #region start
rondo::coro<void> answer(rondo::stream client) {
    rot13_upgrade upgrade;
    co_await client.start_tls(upgrade);
    std::string line = co_await client.readline();
    client.write("i read: " + line);
}  // The farewell is sent, then the connection is closed.

rondo::coro<void> main_() {
    auto server = co_await rondo::start_server(answer, "127.0.0.1", 0);
    auto s = co_await rondo::open_connection("127.0.0.1", server.port());
    rot13_upgrade upgrade;
    co_await s.start_tls(upgrade);
    s.write("a secret\n");
    std::string all = co_await s.read();
    std::printf("%s", all.c_str());
}
// #endregion

int main() { rondo::run(main_()); }
