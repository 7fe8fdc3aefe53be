// SPDX-License-Identifier: MIT
#include "http/response_writer.hpp"

#include "http/characters.hpp"
#include "http/status.hpp"

#include <charconv>

namespace rondo::http::detail {
namespace {

void append_number(std::string& to, std::uint64_t number, int base = 10) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number, base);
    to.append(digits, end.ptr);
}

void append_status(std::string& to, int status_code) {
    if (status_code == 200) {
        to += "HTTP/1.1 200 OK\r\n";
        return;
    }
    to += "HTTP/1.1 ";
    append_number(to, static_cast<std::uint64_t>(status_code));
    to += ' ';
    to += phrase_of(status_code);
    to += "\r\n";
}

enum class owned : std::uint8_t { no, length, date, other };

/// By the size first, since most names have another one.
owned owned_by_connection(std::string_view name) noexcept {
    switch (name.size()) {
        case 4:
            return is_same_name(name, "date") ? owned::date : owned::no;
        case 10:
            return is_same_name(name, "connection") ? owned::other : owned::no;
        case 14:
            return is_same_name(name, "content-length") ? owned::length : owned::no;
        case 17:
            return is_same_name(name, "transfer-encoding") ? owned::other : owned::no;
        default:
            return owned::no;
    }
}

void append_framing(std::string& to, const head_options& options, bool has_length) {
    if (options.body == framing::chunked) {
        to += "transfer-encoding: chunked\r\n";
    } else if (options.body == framing::sized && !has_length) {
        to += "content-length: ";
        append_number(to, options.size);
        to += "\r\n";
    }
    if (!options.keep_alive) {
        to += "connection: close\r\n";
    }
    to += "\r\n";
}

}  // namespace

void append_head(std::string& to, const response& from, const head_options& options) {
    append_status(to, from.status_code);
    bool has_date = false;
    bool has_length = false;
    for (const auto& [name, value] : from.headers) {
        const owned what = owned_by_connection(name);
        has_date = has_date || what == owned::date;
        const bool keeps = what == owned::length && options.keeps_length;
        has_length = has_length || keeps;
        if (what != owned::no && what != owned::date && !keeps) {
            continue;
        }
        to += name;
        to += ": ";
        to += value;
        to += "\r\n";
    }
    to += has_date ? std::string_view() : options.date;
    to += options.server;
    append_framing(to, options, has_length);
}

void append_chunk_line(std::string& to, std::size_t size) {
    append_number(to, size, 16);
    to += "\r\n";
}

bool asks_to_close(const response& r) noexcept {
    const std::string_view value = r.headers.get("connection").value_or("");
    return is_same_name(trim(value), "close");
}

}  // namespace rondo::http::detail
