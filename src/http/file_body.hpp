// SPDX-License-Identifier: MIT
#pragma once

#include "http/ranges.hpp"
#include <rondo/http/detail/body_stream.hpp>
#include <rondo/os/file.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::http::detail {

/// A file, or parts of it, as a body. What is asked for is known when the answer is prepared.
class file_body final : public body_stream {
public:
    struct place {
        std::vector<std::string> candidates;      // paths; the first that is a file is taken
        std::vector<std::string_view> encodings;  // of each candidate; none where that is no matter
        std::string within;                       // a folder that it must lie in; empty: anywhere
    };

    explicit file_body(place where) : where_(std::move(where)) {}

    coro<void> prepare(request& asked, response& answer) override;
    coro<bool> next(std::string& to) override;
    coro<void> aclose() override;
    std::optional<std::uint64_t> size() const noexcept override { return size_; }
    std::optional<file_part> as_file() const noexcept override;

private:
    struct about {
        std::uint64_t size = 0;
        std::chrono::sys_time<std::chrono::nanoseconds> modified{};
        bool is_inside = false;
    };

    static std::size_t find(const std::vector<std::string>& candidates);
    static about describe(int fd, const std::string& within);
    coro<bool> open();
    void answer_missing(response& answer);
    void answer_ranges(request& asked, response& answer, bool applies);
    void add_parts(response& answer);

    place where_;
    std::size_t candidate_ = 0;
    std::optional<rondo::file> file_;
    about about_;
    std::vector<byte_range> ranges_;   // what is left to be sent
    std::vector<std::string> before_;  // what stands before each of several ranges, and at the end
    std::uint64_t size_ = 0;
    std::size_t part_ = 0;
    std::string text_;  // instead of a file
};

}  // namespace rondo::http::detail
