// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/gather.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/io/stream_upgrade.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace rondo_test {

/// A layer like TLS, but for the secret: records of a kind, a length and bytes that are changed.
/// 'd' is data, 'p' asks for an 'a' that answers it, 'e' is the farewell. Like TLS it has not
/// written a record before all of it has left, and it may have to write in order to read.
class toy_layer final : public rondo::layered_transport {
public:
    using layered_transport::layered_transport;

    std::optional<std::size_t> try_read(std::span<char> to) override {
        for (;;) {
            const bool flushed = flush();
            wants(side::read, flushed ? side::read : side::write);
            if (!flushed) {
                return std::nullopt;
            }
            if (!plain_.empty() || ended_) {
                const std::size_t size = plain_.copy(to.data(), to.size());
                plain_.erase(0, size);
                return size;
            }
            if (take_record()) {
                continue;
            }
            char wire[4096];
            const std::optional<std::size_t> got = inner().try_read(wire);
            if (!got) {
                return std::nullopt;
            }
            if (*got == 0) {
                throw std::runtime_error("toy_layer: ended without a farewell");
            }
            kept_.append(wire, *got);
        }
    }
    std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) override {
        if (unsaid_ == 0) {
            std::string plain;
            for (const std::string_view piece : pieces) {
                plain += piece.substr(0, largest - plain.size());
            }
            if (plain == "unspeakable") {
                throw std::runtime_error("toy_layer: that cannot be said");
            }
            wire_ += record('d', plain);
            unsaid_ = plain.size();
        }
        if (!flush()) {
            return std::nullopt;
        }
        return std::exchange(unsaid_, 0);
    }
    bool try_write_eof() override {
        if (!std::exchange(said_farewell_, true)) {
            wire_ += record('e', "");
        }
        return flush();
    }
    rondo::transport_info info() const override {
        rondo::transport_info known = layered_transport::info();
        known.alpn = "toy/1";
        known.more.emplace_back("toy", "as secret as it gets");
        return known;
    }

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

    bool flush() {
        while (!wire_.empty()) {
            const std::string_view piece = wire_;
            const std::optional<std::size_t> sent = inner().try_write({&piece, 1});
            if (!sent) {
                return false;
            }
            wire_.erase(0, *sent);
        }
        return true;
    }

    /// Whether there was one.
    bool take_record() {
        if (kept_.size() < header) {
            return false;
        }
        const std::size_t size =
            static_cast<unsigned char>(kept_[1]) * 256u + static_cast<unsigned char>(kept_[2]);
        if (kept_.size() < header + size) {
            return false;
        }
        const char kind = kept_[0];
        if (kind == 'd') {
            plain_ += changed(kept_.substr(header, size));
        } else if (kind == 'p') {
            wire_ += record('a', "");
        } else if (kind == 'e') {
            ended_ = true;
        } else {
            throw std::runtime_error("toy_layer: no record begins like that");
        }
        kept_.erase(0, header + size);
        return true;
    }

    std::string kept_;        // come from the wire, and no whole record
    std::string plain_;       // what it means
    std::string wire_;        // to be sent
    std::size_t unsaid_ = 0;  // of what is written that stands there
    bool ended_ = false;
    bool said_farewell_ = false;
};

/// Both sides say "shake\n".
class toy_upgrade final : public rondo::stream_upgrade {
public:
    rondo::coro<rondo::box<rondo::transport>> shake_hands(rondo::stream plain) override {
        plain.write("shake\n");
        const std::string said = co_await plain.readline();
        if (said != "shake\n") {
            throw std::runtime_error("toy_upgrade: the other side does not shake hands");
        }
        co_return rondo::make_box<toy_layer>(std::move(plain).detach());
    }
};

/// Puts the layer on a connection, at both of its ends.
inline rondo::coro<void> put_layer_on(rondo::stream& near, rondo::stream& far) {
    toy_upgrade upgrade;
    auto shaking_near = near.start_tls(upgrade);
    auto shaking_far = far.start_tls(upgrade);
    co_await gather(std::move(shaking_near), std::move(shaking_far));
}

}  // namespace rondo_test
