// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace rondo::detail {

inline constexpr std::size_t deepest_json = 128;

/// One value of a parsed text. It reads simdjson's tape, whose format that project documents
/// (doc/tape.md): a word a value, its kind in the upper byte.
class node {
public:
    node() = default;
    node(const std::uint64_t* at, const std::uint64_t* tape, const std::uint8_t* strings) noexcept
        : at_(at), tape_(tape), strings_(strings) {}

    /// Stands for a value that is missing.
    static node none() noexcept { return {nullptr, nullptr, nullptr}; }
    bool is_none() const noexcept { return at_ == nullptr; }

    /// `n` `t` `f` `l` (int64) `u` (uint64) `d` (double) `"` `[` `{`
    char kind() const noexcept { return static_cast<char>(*at_ >> 56); }
    bool is_integer() const noexcept { return kind() == 'l' || kind() == 'u'; }
    bool is_number() const noexcept { return is_integer() || kind() == 'd'; }
    bool is_string() const noexcept { return kind() == '"'; }
    bool is_null() const noexcept { return kind() == 'n'; }

    std::int64_t int64() const noexcept { return static_cast<std::int64_t>(at_[1]); }
    std::uint64_t uint64() const noexcept { return at_[1]; }
    double real() const noexcept {
        double d;
        std::memcpy(&d, at_ + 1, sizeof d);
        return d;
    }
    /// Any number.
    double as_real() const noexcept {
        return kind() == 'l'   ? static_cast<double>(int64())
               : kind() == 'u' ? static_cast<double>(uint64())
                               : real();
    }
    std::string_view text() const noexcept {
        const std::uint8_t* at = strings_ + payload();
        std::uint32_t length;
        std::memcpy(&length, at, sizeof length);
        return {reinterpret_cast<const char*>(at) + sizeof length, length};
    }

    /// Items, or members of an object; exact below 2^24 - 1, which is also what more have.
    std::size_t count() const noexcept { return (payload() >> 32) & 0xff'ffff; }
    node first() const noexcept { return {at_ + 1, tape_, strings_}; }
    bool is_end() const noexcept { return kind() == ']' || kind() == '}'; }
    /// What follows it: the next item, name, value or end.
    node next() const noexcept {
        const char k = kind();
        const std::uint64_t* after = k == '[' || k == '{'
                                         ? tape_ + static_cast<std::uint32_t>(payload())
                                         : at_ + (k == 'l' || k == 'u' || k == 'd' ? 2 : 1);
        return {after, tape_, strings_};
    }

private:
    std::uint64_t payload() const noexcept { return *at_ & 0x00ff'ffff'ffff'ffff; }

    const std::uint64_t* at_;
    const std::uint64_t* tape_;
    const std::uint8_t* strings_;
};

/// A parsed text. Throws json::decode_error.
class document {
public:
    explicit document(std::string_view text);
    ~document();
    document(const document&) = delete;
    document& operator=(const document&) = delete;

    node root() const noexcept;

    struct parser;  // simdjson's

private:
    std::unique_ptr<parser> parser_;
};

bool is_utf8(std::string_view text) noexcept;

}  // namespace rondo::detail
