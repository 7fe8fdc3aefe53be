// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/task.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/io/stream_upgrade.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rondo_test {

/// A layer like TLS, but for the secret: records of a kind, a length and bytes that are changed.
/// 'd' is data, 'p' asks for an 'a' that answers it, 'e' is the farewell.
class toy_layer final : public rondo::stream_layer {
public:
    bool decode(std::string_view wire, std::string& plain, std::string& answer) override {
        kept_ += wire;
        while (kept_.size() >= header) {
            const std::size_t size =
                static_cast<unsigned char>(kept_[1]) * 256u + static_cast<unsigned char>(kept_[2]);
            if (kept_.size() < header + size) {
                break;
            }
            const char kind = kept_[0];
            if (kind == 'd') {
                plain += changed(kept_.substr(header, size));
            } else if (kind == 'p') {
                answer += record('a', "");
            } else if (kind == 'e') {
                return false;
            } else {
                throw std::runtime_error("toy_layer: no record begins like that");
            }
            kept_.erase(0, header + size);
        }
        return true;
    }
    void wire_ended() override { throw std::runtime_error("toy_layer: ended without a farewell"); }
    void encode(std::string_view plain, std::string& wire) override {
        if (plain == "unspeakable") {
            throw std::runtime_error("toy_layer: that cannot be said");
        }
        for (std::size_t at = 0; at < plain.size(); at += largest) {
            wire += record('d', plain.substr(at, largest));
        }
    }
    void encode_farewell(std::string& wire) override { wire += record('e', ""); }

    static std::string record(char kind, std::string_view bytes) {
        return std::string({kind, static_cast<char>(bytes.size() / 256),
                            static_cast<char>(bytes.size() % 256)}) +
               changed(std::string(bytes));
    }

private:
    static constexpr std::size_t header = 3;
    static constexpr std::size_t largest = 16 * 1024;

    static std::string changed(std::string bytes) {
        std::transform(bytes.begin(), bytes.end(), bytes.begin(),
                       [](char c) { return static_cast<char>(c ^ 0x55); });
        return bytes;
    }

    std::string kept_;
};

/// Both sides say "shake\n".
class toy_upgrade final : public rondo::stream_upgrade {
public:
    rondo::coro<rondo::box<rondo::stream_layer>> shake_hands(rondo::stream& plain) override {
        plain.write("shake\n");
        const std::string said = co_await plain.readline();
        if (said != "shake\n") {
            throw std::runtime_error("toy_upgrade: the other side does not shake hands");
        }
        co_return rondo::make_box<toy_layer>();
    }
};

/// Puts the layer on a connection, at both of its ends.
inline rondo::coro<void> put_layer_on(rondo::stream& near, rondo::stream& far) {
    toy_upgrade upgrade;
    auto shaking = create_task(near.start_tls(upgrade));
    co_await far.start_tls(upgrade);
    co_await shaking;
}

}  // namespace rondo_test
