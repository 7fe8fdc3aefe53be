// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_table.hpp>
#include <rondo/json/json.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rondo::http {

namespace detail {
/// Appends one event as the HTML standard's "Server-sent events" spells it; `data` may have several
/// lines.
void write_event(std::string& to, const struct event_fields& fields,
                 std::optional<std::string_view> data);
void check_event_line(const char* what, std::string_view line);

struct event_fields {
    std::string name;
    std::string id;
    std::string comment;
    std::int64_t retry_ms = -1;
};
}  // namespace detail

/// One server-sent event: what an `async_generator<http::event<T>>` yields. The data is T's JSON.
///
///     http::event<item> news(i, "item_update", "17");
///     co_yield news;
///
/// Throws invalid_argument for a name or an id with a line break. Threads: any.
template <class T>
class event {
public:
    using value_type = T;

    explicit event(const T& data, std::string name = {}, std::string id = {})
        : data_(json::dumps(data)) {
        detail::check_event_line("name", name);
        detail::check_event_line("id", id);
        fields_.name = std::move(name);
        fields_.id = std::move(id);
    }
    /// Without JSON: the data as it is.
    static event raw(std::string data) {
        event made;
        made.data_ = std::move(data);
        return made;
    }

    /// How long the browser waits before it connects again.
    event& retry(std::chrono::milliseconds after) & {
        fields_.retry_ms = after.count();
        return *this;
    }
    /// A line that the browser ignores, which keeps proxies from closing the connection.
    event& comment(std::string text) & {
        detail::check_event_line("comment", text);
        fields_.comment = std::move(text);
        return *this;
    }

    /// For rondo's own parts.
    void write_to(std::string& to) const {
        if (data_) {
            detail::write_event(to, fields_, *data_);
        } else {
            detail::write_event(to, fields_, std::nullopt);
        }
    }

private:
    event() = default;

    std::optional<std::string> data_;
    detail::event_fields fields_;
};

/// A piece of a body, sent as it is: what an `async_generator<http::chunk>` yields.
struct chunk {
    std::string bytes;

    explicit chunk(std::string b) : bytes(std::move(b)) {}
};

}  // namespace rondo::http
