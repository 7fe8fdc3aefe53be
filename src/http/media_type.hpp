// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// A value of the form that Content-Type and Content-Disposition have: a name, and parameters
/// behind it. `text/html; charset="utf-8"`. RFC 9110 §5.6.6, §8.3.
class media_type {
public:
    /// Views the text.
    explicit media_type(std::string_view text) noexcept;

    /// "text/html", as it was written.
    std::string_view name() const noexcept { return name_; }
    /// Whether it is that one, the case aside.
    bool is(std::string_view name) const noexcept;
    /// Whether it is application/json or ends in "+json".
    bool is_json() const noexcept;
    /// A parameter without its quotes; nullopt when there is none of that name.
    std::optional<std::string> parameter(std::string_view name) const;

private:
    std::string_view name_;
    std::string_view parameters_;
};

}  // namespace rondo::http::detail
