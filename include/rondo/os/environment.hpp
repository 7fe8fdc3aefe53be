// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

/// The environment variables of a child process: those of this process, unless they are changed.
///
///     rondo::environment env;
///     env.set("LANG", "C");
///     auto p = co_await rondo::create_subprocess_exec("sort", process_options{.env = &env});
///
/// A value. Threads: any; but making one reads the variables of the process, which no other thread
/// may change (setenv) at that moment.
class environment {
public:
    /// A copy of those of this process.
    environment();
    /// None at all.
    static environment empty();

    /// Adds or replaces one. Throws invalid_argument for a name that is empty or has a '=' in it,
    /// and for NUL bytes.
    void set(std::string_view name, std::string_view value);
    void unset(std::string_view name) noexcept;

    std::optional<std::string> get(std::string_view name) const;
    /// "NAME=value" each.
    const std::vector<std::string>& entries() const noexcept { return entries_; }

private:
    explicit environment(std::vector<std::string> entries) noexcept;
    std::size_t find(std::string_view name) const noexcept;

    std::vector<std::string> entries_;
};

}  // namespace rondo
