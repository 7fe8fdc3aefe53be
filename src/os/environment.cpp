// SPDX-License-Identifier: MIT
#include "sys/process.hpp"
#include <rondo/os/environment.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo {

namespace {

std::vector<std::string> variables_of_this_process() {
    std::vector<std::string> all;
    for (const char* const* entry = sys::environment(); entry && *entry != nullptr; ++entry) {
        all.emplace_back(*entry);
    }
    return all;
}

/// Whether an entry is that of a name, which ends at the first "=".
auto is_called(std::string_view name) noexcept {
    return [name](std::string_view entry) {
        const std::size_t end = entry.find('=');
        return end != entry.npos && !name.empty() && entry.substr(0, end) == name;
    };
}

}  // namespace

environment::environment() : entries_(variables_of_this_process()) {}
environment::environment(std::vector<std::string> entries) noexcept
    : entries_(std::move(entries)) {}

environment environment::empty() { return environment(std::vector<std::string>()); }

/// The size when there is none.
std::size_t environment::find(std::string_view name) const noexcept {
    const auto found = std::find_if(entries_.begin(), entries_.end(), is_called(name));
    return static_cast<std::size_t>(found - entries_.begin());
}

void environment::set(std::string_view name, std::string_view value) {
    constexpr std::string_view forbidden("=\0", 2);
    if (name.empty() || name.find_first_of(forbidden) != name.npos ||
        value.find('\0') != value.npos) {
        throw std::invalid_argument("environment::set: '" + std::string(name) +
                                    "' cannot be a variable: a name is not empty and has no '=', "
                                    "and there are no NUL bytes");
    }
    std::string entry(name);
    entry += '=';
    entry += value;
    const std::size_t at = find(name);
    if (at < entries_.size()) {
        entries_[at] = std::move(entry);
    } else {
        entries_.push_back(std::move(entry));
    }
}

void environment::unset(std::string_view name) noexcept {
    std::erase_if(entries_, is_called(name));  // a process may be given the same one twice
}

std::optional<std::string> environment::get(std::string_view name) const {
    const std::size_t at = find(name);
    return at < entries_.size() ? std::optional(entries_[at].substr(name.size() + 1))
                                : std::nullopt;
}

}  // namespace rondo
