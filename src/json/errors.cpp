// SPDX-License-Identifier: MIT
#include <rondo/json/errors.hpp>
#include <rondo/json/json.hpp>

#include <algorithm>

namespace rondo::json {
namespace {

std::size_t line_of(std::string_view text, std::size_t position) {
    return 1 + static_cast<std::size_t>(std::count(
                   text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

std::size_t column_of(std::string_view text, std::size_t position) {
    const std::size_t before = text.substr(0, position).rfind('\n');
    return position - (before == text.npos ? 0 : before + 1) + 1;
}

std::string summary(const std::string& message, std::string_view text, std::size_t position) {
    return message + ": line " + std::to_string(line_of(text, position)) + " column " +
           std::to_string(column_of(text, position)) + " (char " + std::to_string(position) + ")";
}

/// `items[2].price`
std::string path_of(const array& loc) {
    std::string path;
    for (const value& step : loc) {
        if (step.is_string()) {
            path += path.empty() ? "" : ".";
            path += step.get<std::string>();
        } else {
            path += '[' + dumps(step) + ']';
        }
    }
    return path;
}

std::string summary(const std::vector<error_detail>& errors) {
    if (errors.empty()) {
        return "the input is not valid";
    }
    const std::string path = path_of(errors[0].loc);
    std::string text = path.empty() ? errors[0].msg : path + ": " + errors[0].msg;
    if (errors.size() > 1) {
        text += " (and " + std::to_string(errors.size() - 1) + " more)";
    }
    return text;
}

}  // namespace

decode_error::decode_error(std::string message, std::string_view text, std::size_t position)
    : error(summary(message, text, position)),
      message_(std::move(message)),
      position_(position),
      line_(line_of(text, position)),
      column_(column_of(text, position)) {}

validation_error::validation_error(std::vector<error_detail> errors)
    : error(summary(errors)), errors_(std::move(errors)) {}

std::string validation_error::json() const {
    array all;
    for (const auto& e : errors_) {
        object one{{"type", e.type}, {"loc", e.loc}, {"msg", e.msg}, {"input", e.input}};
        if (!e.ctx.is_null()) {
            one["ctx"] = e.ctx;
        }
        all.push_back(std::move(one));
    }
    return dumps(all);
}

}  // namespace rondo::json
