// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/io/stream_upgrade.hpp>
#include <rondo/rondo.hpp>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

// #region layer
/// Turns letters upside down, so that nobody can read them; "." alone is the farewell.
class rot13 final : public rondo::layered_transport {
public:
    using layered_transport::layered_transport;

    std::optional<std::size_t> try_read(std::span<char> to) override {
        if (ended_) {
            return 0;
        }
        auto got = inner().try_read(to);
        if (!got) {
            return std::nullopt;
        }
        std::string_view wire(to.data(), *got);
        ended_ = wire.ends_with('.');
        if (wire.empty()) {
            throw std::runtime_error("rot13: cut off");
        }
        std::transform(wire.begin(), wire.end(), to.begin(), turned);
        return *got - (ended_ ? 1 : 0);
    }
    std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) override {
        std::string wire;
        for (std::string_view piece : pieces) {
            std::transform(piece.begin(), piece.end(), std::back_inserter(wire), turned);
        }
        std::string_view all = wire;
        return inner().try_write({&all, 1});  // what it does not take comes again
    }
    bool try_write_eof() override {
        std::string_view farewell = ".";
        return inner().try_write({&farewell, 1}).has_value();
    }
    rondo::transport_info info() const override {
        auto known = inner().info();
        known.cipher = "ROT13";
        return known;
    }

private:
    static char turned(char c) {
        return c < 'a' || c > 'z' ? c : static_cast<char>('a' + (c - 'a' + 13) % 26);
    }

    bool ended_ = false;
};
// #endregion

// #region upgrade
class rot13_upgrade final : public rondo::stream_upgrade {
public:
    rondo::coro<rondo::box<rondo::transport>> shake_hands(rondo::stream plain) override {
        plain.write("rot13?\n");
        std::string said = co_await plain.readline();
        if (said != "rot13?\n") {
            throw std::runtime_error("rot13: the other side does not know it");
        }
        co_return rondo::make_box<rot13>(std::move(plain).detach());
    }
};
// #endregion

// #region recorder
/// Writes down what is said, and passes it on.
class recorder final : public rondo::layered_transport {
public:
    using layered_transport::layered_transport;

    std::optional<std::size_t> try_read(std::span<char> to) override {
        auto got = inner().try_read(to);
        if (got && *got > 0) {
            std::printf("< %.*s", static_cast<int>(*got), to.data());
        }
        return got;
    }
    std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) override {
        auto sent = inner().try_write(pieces);
        if (sent) {
            std::printf("> %.*s", static_cast<int>(pieces[0].size()), pieces[0].data());
        }
        return sent;
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
    s = rondo::stream(rondo::make_box<recorder>(std::move(s).detach()));
    std::printf("cipher: %s\n", s.info().cipher.c_str());
    s.write("a secret\n");
    co_await s.read();
}
// #endregion

int main() { rondo::run(main_()); }
