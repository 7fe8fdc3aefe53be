// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/json/json.hpp>

#include <string>
#include <string_view>

/// What is wrong with a text that should be a T, a line a fault: `kind at: words {context}`. Empty
/// if nothing is.
template <class T>
std::string faults(std::string_view text, const rondo::json::load_options& options = {}) {
    try {
        rondo::json::loads<T>(text, options);
        return "";
    } catch (const rondo::json::validation_error& e) {
        std::string all;
        for (const auto& one : e.errors()) {
            all += all.empty() ? "" : "\n";
            all += one.type;
            for (const auto& step : one.loc) {
                all += (&step == one.loc.data() ? " " : ".");
                all +=
                    step.is_string() ? step.template get<std::string>() : rondo::json::dumps(step);
            }
            all += ": " + one.msg;
            all += one.ctx.is_null() ? "" : " " + rondo::json::dumps(one.ctx);
        }
        return all;
    } catch (const rondo::json::decode_error& e) {
        return e.what();
    }
}

/// A T read from the text and written again.
template <class T>
std::string again(std::string_view text, const rondo::json::load_options& options = {}) {
    return rondo::json::dumps(rondo::json::loads<T>(text, options));
}
