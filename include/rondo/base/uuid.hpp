// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rondo {

/// A universally unique identifier (RFC 9562): 16 bytes. A value: copies, compares, sorts by bytes.
class uuid {
public:
    /// The nil UUID, all zero.
    constexpr uuid() noexcept = default;
    constexpr explicit uuid(const std::array<std::uint8_t, 16>& bytes) noexcept : bytes_(bytes) {}

    /// `f47ac10b-58cc-4372-a567-0e02b2c3d479`, in any case; also without hyphens, in braces, or
    /// after `urn:uuid:`. Nothing for any other text.
    static std::optional<uuid> parse(std::string_view text) noexcept;

    /// Random, but for version and variant: from the system's generator.
    static uuid v4();
    /// Begins with the time in milliseconds, so that new ones sort after old ones.
    static uuid v7();

    constexpr const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
    constexpr int version() const noexcept { return bytes_[6] >> 4; }

    /// 36 characters in lower case.
    std::string to_string() const;

    friend constexpr auto operator<=>(const uuid&, const uuid&) noexcept = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace rondo

template <>
struct std::hash<rondo::uuid> {
    std::size_t operator()(const rondo::uuid& id) const noexcept {
        std::uint64_t parts[2];
        __builtin_memcpy(parts, id.bytes().data(), sizeof parts);
        return static_cast<std::size_t>((parts[0] ^ (parts[1] >> 31)) * 0x9e3779b97f4a7c15u ^
                                        parts[1]);
    }
};
