// SPDX-License-Identifier: MIT
#include <rondo/os/environment.hpp>
#include <rondo/sys/process.hpp>

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

}  // namespace

environment::environment() : entries_(variables_of_this_process()) {}
environment::environment(std::vector<std::string> entries) noexcept
    : entries_(std::move(entries)) {}

environment environment::empty() { return environment(std::vector<std::string>()); }

/// The size when there is none.
std::size_t environment::find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const std::string_view entry = entries_[i];
        if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) {
            return i;
        }
    }
    return entries_.size();
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
    const std::size_t at = find(name);
    if (at < entries_.size()) {
        entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

std::optional<std::string> environment::get(std::string_view name) const {
    const std::size_t at = find(name);
    return at < entries_.size() ? std::optional(entries_[at].substr(name.size() + 1))
                                : std::nullopt;
}

}  // namespace rondo
