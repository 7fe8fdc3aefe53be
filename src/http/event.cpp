// SPDX-License-Identifier: MIT
#include <rondo/http/event.hpp>

#include <stdexcept>

namespace rondo::http::detail {

void check_event_line(const char* what, std::string_view line) {
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
        throw std::invalid_argument(std::string("http::event: its ") + what +
                                    " is one line, without NUL: \"" + std::string(line) + '"');
    }
}

namespace {

void write_line(std::string& to, std::string_view field, std::string_view text) {
    to.append(field).append(text).append("\n");
}

/// Data of several lines is as many fields; browsers join them with "\n".
void write_data(std::string& to, std::string_view data) {
    for (;;) {
        const std::size_t end = data.find_first_of("\r\n");
        write_line(to, "data: ", data.substr(0, end));
        if (end == std::string_view::npos) {
            return;
        }
        const bool is_crlf = data.substr(end).starts_with("\r\n");
        data.remove_prefix(end + (is_crlf ? 2 : 1));
    }
}

}  // namespace

void write_event(std::string& to, const event_fields& fields,
                 std::optional<std::string_view> data) {
    if (!fields.comment.empty()) {
        write_line(to, ": ", fields.comment);
    }
    if (!fields.name.empty()) {
        write_line(to, "event: ", fields.name);
    }
    if (data) {
        write_data(to, *data);
    }
    if (!fields.id.empty()) {
        write_line(to, "id: ", fields.id);
    }
    if (fields.retry_ms >= 0) {
        write_line(to, "retry: ", std::to_string(fields.retry_ms));
    }
    to += '\n';
}

}  // namespace rondo::http::detail
