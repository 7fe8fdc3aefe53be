// SPDX-License-Identifier: MIT
#include "http/media_type.hpp"

#include "http/characters.hpp"

namespace rondo::http::detail {
namespace {

/// Cuts off a quoted string, without its quotes. Browsers escape nothing but the quote.
std::string take_quoted(std::string_view& text) {
    std::string value;
    text.remove_prefix(1);
    while (!text.empty() && text[0] != '"') {
        text.remove_prefix(text.starts_with("\\\"") || text.starts_with("\\\\") ? 1 : 0);
        value += text[0];
        text.remove_prefix(1);
    }
    take_until(text, ';');
    return value;
}

}  // namespace

media_type::media_type(std::string_view text) noexcept {
    parameters_ = text;
    name_ = trim(take_until(parameters_, ';'));
}

bool media_type::is(std::string_view name) const noexcept { return is_same_name(name_, name); }

bool media_type::is_json() const noexcept {
    constexpr std::string_view suffix = "+json";
    return is("application/json") ||
           (name_.size() > suffix.size() &&
            is_same_name(name_.substr(name_.size() - suffix.size()), suffix));
}

std::optional<std::string> media_type::parameter(std::string_view name) const {
    std::string_view rest = parameters_;
    while (!rest.empty()) {
        const std::size_t end = rest.find_first_of("=;");
        const std::string_view found = trim(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end);
        if (!rest.starts_with('=')) {
            take_until(rest, ';');
            continue;
        }
        rest.remove_prefix(1);
        const bool quoted = trim(rest).starts_with('"');
        rest.remove_prefix(quoted ? rest.find('"') : 0);
        std::string value = quoted ? take_quoted(rest) : std::string(trim(take_until(rest, ';')));
        if (is_same_name(found, name)) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace rondo::http::detail
