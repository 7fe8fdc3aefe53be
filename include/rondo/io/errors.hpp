// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

namespace rondo {

/// The stream ended before a read had what it was asked for.
class incomplete_read_error : public std::runtime_error {
public:
    incomplete_read_error(std::string partial, std::optional<std::size_t> expected);

    /// What came before the end.
    const std::string& partial() const noexcept { return partial_; }
    /// How many bytes were asked for, if that was said.
    std::optional<std::size_t> expected() const noexcept { return expected_; }

private:
    std::string partial_;
    std::optional<std::size_t> expected_;
};

/// A separator did not come within the limit. What was read is still there, to be read by `read`.
class limit_overrun_error : public std::runtime_error {
public:
    limit_overrun_error(const char* what, std::size_t consumed)
        : std::runtime_error(what), consumed_(consumed) {}

    /// How many bytes there are that are no separator, nor the beginning of one.
    std::size_t consumed() const noexcept { return consumed_; }

private:
    std::size_t consumed_;
};

}  // namespace rondo
