// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include <rondo/http/headers.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo::http {
namespace {

/// The text with what cannot be printed as \xNN.
std::string printable(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            shown += c;
        } else {
            shown += "\\x";
            shown += "0123456789abcdef"[byte >> 4];
            shown += "0123456789abcdef"[byte & 15];
        }
    }
    return shown;
}

std::string_view checked(std::string_view name, std::string_view value) {
    if (!detail::is_token(name)) {
        throw std::invalid_argument("http: no name of a header: \"" + printable(name) +
                                    "\" (of the value \"" + printable(value) + "\")");
    }
    if (!detail::are_all(value, detail::value_char)) {
        throw std::invalid_argument("http: a control in the value of the header " +
                                    printable(name) + ": \"" + printable(value) + "\"");
    }
    return detail::trim(value);
}

}  // namespace

headers::headers(std::initializer_list<field> fields) {
    for (const auto& [name, value] : fields) {
        add(name, value);
    }
}

bool headers::is_named(const entry& e, std::string_view name) const noexcept {
    return e.name_size == name.size() && detail::is_same_name(at(e).first, name);
}

void headers::add_checked(std::string_view name, std::string_view value) {
    entry e;
    e.name_at = static_cast<std::uint32_t>(text_.size());
    e.name_size = static_cast<std::uint32_t>(name.size());
    e.value_at = e.name_at + e.name_size;
    e.value_size = static_cast<std::uint32_t>(value.size());
    text_.append(name);
    text_.append(value);
    entries_.push_back(e);
}

void headers::add(std::string_view name, std::string_view value) {
    add_checked(name, checked(name, value));
}

void headers::set(std::string_view name, std::string_view value) {
    const std::string kept(checked(name, value));  // may be a view into text_
    const auto first = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const entry& e) { return is_named(e, name); });
    if (first == entries_.end()) {
        add_checked(name, kept);
        return;
    }
    const auto is_other = [&](const entry& e) { return is_named(e, name); };
    entries_.erase(std::remove_if(first + 1, entries_.end(), is_other), entries_.end());
    first->value_at = static_cast<std::uint32_t>(text_.size());
    first->value_size = static_cast<std::uint32_t>(kept.size());
    text_.append(kept);
    drop_garbage();
}

std::size_t headers::erase(std::string_view name) {
    const std::size_t erased =
        std::erase_if(entries_, [&](const entry& e) { return is_named(e, name); });
    if (entries_.empty()) {
        text_.clear();
    }
    return erased;
}

void headers::clear() noexcept {
    text_.clear();
    entries_.clear();
}

// Who sets a header again and again would else fill the memory.
void headers::drop_garbage() {
    std::size_t used = 0;
    for (const entry& e : entries_) {
        used += e.name_size + e.value_size;
    }
    if (text_.size() < 1024 + 2 * used) {
        return;
    }
    headers packed;
    for (const auto& [name, value] : *this) {
        packed.add_checked(name, value);
    }
    *this = std::move(packed);
}

std::optional<std::string_view> headers::get(std::string_view name) const noexcept {
    for (const entry& e : entries_) {
        if (is_named(e, name)) {
            return at(e).second;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> headers::get_all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const entry& e : entries_) {
        if (is_named(e, name)) {
            values.push_back(at(e).second);
        }
    }
    return values;
}

std::string headers::operator[](std::string_view name) const {
    return std::string(get(name).value_or(""));
}

bool operator==(const headers& a, const headers& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const headers::field& x, const headers::field& y) {
                          return detail::is_same_name(x.first, y.first) && x.second == y.second;
                      });
}

}  // namespace rondo::http
