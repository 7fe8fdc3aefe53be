// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/headers.hpp>
#include <rondo/os/file.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// Bytes that are in memory until there are too many, and then in a file without a name.
class spooled_file {
public:
    static constexpr std::size_t max_in_memory = std::size_t{1} << 20;

    std::string filename;
    http::headers headers;

    coro<void> write(std::string_view piece);
    coro<std::string> read_at(std::uint64_t offset, std::size_t n) const;
    std::uint64_t size() const noexcept { return size_; }
    bool in_memory() const noexcept { return !file_; }

    std::uint64_t position = 0;  // of upload_file::read

private:
    std::string memory_;
    mutable std::optional<rondo::file> file_;
    std::uint64_t size_ = 0;
};

}  // namespace rondo::http::detail
