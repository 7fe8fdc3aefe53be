// SPDX-License-Identifier: MIT
#include "http/app_core.hpp"
#include "http/bound_function.hpp"
#include "http/characters.hpp"
#include "http/form.hpp"
#include "http/media_type.hpp"
#include "http/request_state.hpp"
#include "http/status.hpp"
#include <rondo/http/background_tasks.hpp>
#include <rondo/http/detail/exchange.hpp>
#include <rondo/json/detail/text.hpp>

#include <algorithm>
#include <utility>

namespace rondo::http::detail {

// ---- Results of dependencies

coro<void> kept_value::release(std::exception_ptr) { co_return; }

kept_values::kept_values(kept_values&& other) noexcept
    : first_(std::exchange(other.first_, nullptr)) {}

kept_values::~kept_values() {
    while (first_ != nullptr) {
        delete std::exchange(first_, first_->next_);
    }
}

void kept_values::push(kept_value& value) noexcept { value.next_ = std::exchange(first_, &value); }

kept_value* kept_values::find(const void* key) const noexcept {
    kept_value* at = first_;
    while (at != nullptr && at->key_ != key) {
        at = at->next_;
    }
    return at;
}

coro<void> kept_values::release(std::exception_ptr error, bool all) {
    std::exception_ptr raised;
    for (kept_value* at = first_; at != nullptr; at = at->next_) {
        if (!at->has_release() || at->is_released_ || (!all && at->until_ == scope::request)) {
            continue;
        }
        at->is_released_ = true;
        auto releasing = at->release(error);
        try {
            co_await std::move(releasing);
        } catch (...) {
            raised = std::current_exception();  // the others are released all the same
        }
    }
    if (raised) {
        std::rethrow_exception(raised);
    }
}

// ---- Parameters

exchange::exchange(app_core& app, http::request& req, http::response& res) noexcept
    : app_(app), request_(req), response_(res) {}

exchange::~exchange() = default;

http::background_tasks& exchange::background() {
    if (!background_) {
        background_ = make_box<http::background_tasks>();
    }
    return *background_;
}

void exchange::refuse(std::string_view challenge) {
    answer(http::error(401, "Not authenticated", {{"WWW-Authenticate", challenge}}));
    refused_ = true;
}

namespace {

using texts = std::vector<std::string_view>;
using pairs = std::vector<std::pair<std::string_view, std::string_view>>;

/// Mostly it is as it stands in the path: nothing has to be decoded then.
std::optional<std::string_view> find_in_path(http::request& asked, std::string_view name) {
    for (const auto& [known, raw] : asked.state_of().raw_path_params) {
        if (known == name) {
            return raw.find('%') == std::string_view::npos ? raw : asked.path_params().get(name);
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> find_one(source from, http::request& asked,
                                         const std::string& name) {
    switch (from) {
        case source::path:
            return find_in_path(asked, name);
        case source::query:
            return asked.query_params().get(name);
        case source::header:
            return asked.headers().get(name);
        default:
            return asked.cookies().get(name);
    }
}

texts find_all(source from, http::request& asked, const std::string& name) {
    switch (from) {
        case source::path:
            return asked.path_params().get_all(name);
        case source::query:
            return asked.query_params().get_all(name);
        case source::header:
            return asked.headers().get_all(name);
        default:
            return asked.cookies().get_all(name);
    }
}

pairs pairs_of(const multi_dict& from) { return pairs(from.begin(), from.end()); }

/// Header fields as members of a struct spell them: "x-token" is x_token.
pairs pairs_of(const http::headers& from, std::vector<std::string>& names) {
    names.reserve(from.size());
    pairs all;
    for (const auto& [name, value] : from) {
        std::string& spelled = names.emplace_back(name);
        for (char& c : spelled) {
            c = c == '-' ? '_' : to_lower(c);
        }
        all.emplace_back(spelled, value);
    }
    return all;
}

void note_missing(const bound_parameter& p, std::vector<json::error_detail>& errors) {
    errors.push_back({"missing", p.loc, "Field required", nullptr, nullptr});
}

/// Reads a parameter that was found, or not, among plain texts.
bool read_texts(const bound_parameter& p, const texts& found, void* slot,
                std::vector<json::error_detail>& errors) {
    const parameter_spec& spec = *p.spec;
    if (found.empty()) {
        if (p.required) {
            note_missing(p, errors);
        } else if (spec.set_default != nullptr) {
            spec.set_default(slot);
        }
        return !p.required;
    }
    void* to = spec.value_in(slot);
    return p.is_list ? try_read_texts(found, *spec.type, to, *p.rule, p.loc, errors)
                     : try_read_text(found.back(), *spec.type, to, *p.rule, p.loc, errors);
}

bool read_object(const bound_parameter& p, const pairs& found, void* slot,
                 std::vector<json::error_detail>& errors) {
    return try_read_fields(found, *p.object, p.spec->value_in(slot), p.loc, errors);
}

}  // namespace

bool exchange::read_value(const bound_parameter& p, void* slot) {
    const source from = p.spec->from;
    if (p.object != nullptr) {
        if (from == source::header) {
            std::vector<std::string> names;
            return read_object(p, pairs_of(request_.headers(), names), slot, errors_);
        }
        const multi_dict& all = from == source::path    ? request_.path_params()
                                : from == source::query ? request_.query_params()
                                                        : request_.cookies();
        return read_object(p, pairs_of(all), slot, errors_);
    }
    if (p.is_list) {
        return read_texts(p, find_all(from, request_, p.name), slot, errors_);
    }
    const auto found = find_one(from, request_, p.name);
    if (!found) {
        return read_texts(p, {}, slot, errors_);
    }
    return try_read_text(*found, *p.spec->type, p.spec->value_in(slot), *p.rule, p.loc, errors_);
}

bool exchange::fill(const bound_function& function, void* const* slots) {
    const std::size_t before = errors_.size();
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const bound_parameter& p = function.parameters[i];
        switch (p.spec->kind) {
            case parameter_kind::security:
                p.spec->provide(*this, slots[i]);
                if (refused_) {
                    return false;
                }
                break;
            case parameter_kind::state:
                p.spec->set_value(slots[i], p.state);
                break;
            case parameter_kind::value:
                if (p.spec->from != source::body && p.spec->from != source::form) {
                    read_value(p, slots[i]);
                }
                break;
            default:
                break;
        }
    }
    return errors_.size() == before;
}

coro<bool> exchange::resolve(const bound_dependency& dependency, const parameter_spec* parameter,
                             void* slot) {
    kept_value* kept = kept_.find(dependency.spec->key);
    if (kept == nullptr) {
        kept = co_await dependency.run(*this, dependency.call);
        if (kept == nullptr) {
            co_return false;
        }
        kept->key_ = dependency.spec->key;
        kept->until_ = dependency.spec->until;
        kept_.push(*kept);
    }
    if (parameter != nullptr) {
        parameter->set_value(slot, kept->value());
    }
    co_return true;
}

coro<bool> exchange::prepare(const bound_function& function, void* const* slots) {
    bool right = true;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const bound_parameter& p = function.parameters[i];
        if (p.spec->kind != parameter_kind::dependency) {
            continue;
        }
        const bool resolved = co_await resolve(*p.dependency, p.spec, slots[i]);
        right = right && resolved;
        if (refused_) {
            co_return false;
        }
    }
    right = fill(function, slots) && right;
    if (refused_) {
        co_return false;
    }
    if (function.takes_form) {
        if (!form_) {
            auto read = co_await read_form(request_.state_of());
            form_ = box<form_data>(new form_data(std::move(read)));
        }
        right = read_form_parameters(function, slots) && right;
    } else if (function.takes_whole || function.takes_members) {
        const std::string_view body = co_await request_.body();
        right = read_body(function, slots, body) && right;
    }
    co_return right;
}

// ---- The body

namespace {

bool is_null(std::string_view body) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t begin = body.find_first_not_of(space);
    return begin != body.npos &&
           body.substr(begin, body.find_last_not_of(space) + 1 - begin) == "null";
}

/// Whether null is no value of the type, whatever is in it.
bool has_members(const rondo::detail::type_table& type) {
    using rondo::detail::type_kind;
    return type.kind == type_kind::object || type.kind == type_kind::partial ||
           type.kind == type_kind::list || type.kind == type_kind::fixed_list ||
           type.kind == type_kind::map;
}

json::error_detail invalid_json(const json::decode_error& e) {
    return {"json_invalid", json::array{"body", e.position()}, "JSON decode error", json::object(),
            json::value{{"error", e.message()}}};
}

}  // namespace

bool exchange::is_json_body(std::string_view body) {
    const auto type = request_.headers().get("content-type");
    if (type ? media_type(*type).is_json() : !app_.options.strict_content_type) {
        return true;
    }
    errors_.push_back({"model_attributes_type", json::array{"body"},
                       "Input should be a valid dictionary or object to extract fields from",
                       json::value(rondo::detail::to_utf8(body.substr(0, 1024))), nullptr});
    return false;
}

bool exchange::read_whole(const bound_parameter& p, void* slot, std::string_view body) {
    if (body.empty()) {
        if (p.required) {
            note_missing(p, errors_);
        }
        return !p.required;
    }
    if (!is_json_body(body)) {
        return false;
    }
    if (p.required && has_members(*p.spec->type) && is_null(body)) {
        note_missing(p, errors_);  // as FastAPI, where null is no body
        return false;
    }
    try {
        return try_read_json(body, *p.spec->type, p.spec->value_in(slot), *p.rule, {}, p.loc,
                             errors_);
    } catch (const json::decode_error& e) {
        errors_.push_back(invalid_json(e));
        return false;
    }
}

bool exchange::read_members(const bound_function& function, void* const* slots,
                            std::string_view body) {
    json::value object;
    if (!body.empty()) {
        if (!is_json_body(body)) {
            return false;
        }
        try {
            object = json::loads(body);
        } catch (const json::decode_error& e) {
            errors_.push_back(invalid_json(e));
            return false;
        }
    }
    bool right = true;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const bound_parameter& p = function.parameters[i];
        if (p.spec->kind != parameter_kind::value || p.spec->from != source::body) {
            continue;
        }
        const json::value* member =
            object.is_object() ? object.get<json::object>().find(p.name) : nullptr;
        if (member == nullptr) {
            right = read_texts(p, {}, slots[i], errors_) && right;
            continue;
        }
        right = try_read_json(json::dumps(*member), *p.spec->type, p.spec->value_in(slots[i]),
                              *p.rule, {}, p.loc, errors_) &&
                right;
    }
    return right;
}

bool exchange::read_files(const bound_parameter& p, void* slot) {
    bool found = false;
    for (auto& [name, file] : form_->files) {
        if (name == p.name) {
            p.spec->put_file(slot, std::move(file));
            found = true;
        }
    }
    if (!found && p.required) {
        note_missing(p, errors_);
    }
    return found || !p.required;
}

bool exchange::read_form_parameters(const bound_function& function, void* const* slots) {
    bool right = true;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const bound_parameter& p = function.parameters[i];
        bool read = true;
        if (p.spec->kind == parameter_kind::file) {
            read = read_files(p, slots[i]);
        } else if (p.spec->kind == parameter_kind::value && p.spec->from == source::form) {
            read = p.object != nullptr
                       ? read_object(p, pairs_of(form_->fields), slots[i], errors_)
                       : read_texts(p, form_->fields.get_all(p.name), slots[i], errors_);
        }
        right = right && read;
    }
    return right;
}

bool exchange::read_body(const bound_function& function, void* const* slots,
                         std::string_view body) {
    if (function.takes_members) {
        return read_members(function, slots, body);
    }
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const bound_parameter& p = function.parameters[i];
        if (p.spec->kind == parameter_kind::whole_body) {
            return read_whole(p, slots[i], body);
        }
        if (p.spec->kind == parameter_kind::raw_body) {
            static_cast<std::string*>(p.spec->value_in(slots[i]))->assign(body);
        }
    }
    return true;
}

// ---- Answers

void exchange::answer_json(const rondo::detail::type_table& type, const void* value) {
    if (!has_body(response_.status_code)) {
        return;
    }
    response_.headers.add_checked("content-type", "application/json");
    write_json(response_.body, type, value, operation_->dump);
}

void exchange::answer_nothing() {
    if (has_body(response_.status_code)) {
        response_.headers.add_checked("content-type", "application/json");
        response_.body = "null";
    }
}

void exchange::answer(http::response&& whole) {
    for (const auto& [name, value] : response_.headers) {
        whole.headers.add_checked(name, value);
    }
    response_ = std::move(whole);
}

void exchange::answer(const http::error& error) { app_.answer_error(error, request_, response_); }

void exchange::answer_stream(box<body_stream> stream, std::string_view media_type) {
    answer(stream_response(std::move(stream), media_type, response_.status_code));
    if (media_type == "text/event-stream") {
        response_.headers.set("cache-control", "no-cache");
        response_.headers.set("x-accel-buffering", "no");  // nginx passes events on at once
    }
}

void exchange::set_head(int status_code, const http::headers& headers) {
    response_.status_code = status_code;
    for (const auto& [name, value] : headers) {
        response_.headers.add_checked(name, value);
    }
}

}  // namespace rondo::http::detail
