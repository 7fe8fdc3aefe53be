// SPDX-License-Identifier: MIT
#include "http/openapi.hpp"

#include "http/app_core.hpp"
#include "http/characters.hpp"
#include "http/status.hpp"
#include <rondo/json/detail/text.hpp>
#include <rondo/json/json.hpp>

#include <algorithm>
#include <set>

namespace rondo::http::detail {
namespace {

using json::value;
using rondo::detail::type_kind;

constexpr std::string_view reference_prefix = "#/components/schemas/";

/// What the document says of errors in parameters; the same as FastAPI's.
constexpr std::string_view validation_schemas = R"({
    "ValidationError": {
        "type": "object", "title": "ValidationError",
        "properties": {
            "loc": {"type": "array", "title": "Location",
                    "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
            "msg": {"type": "string", "title": "Message"},
            "type": {"type": "string", "title": "Error Type"}},
        "required": ["loc", "msg", "type"]},
    "HTTPValidationError": {
        "type": "object", "title": "HTTPValidationError",
        "properties": {"detail": {"type": "array", "title": "Detail",
                       "items": {"$ref": "#/components/schemas/ValidationError"}}}}})";

/// The route as the document spells it: "/files/{p}" for "/files/{p:path}".
std::string documented_path(std::string_view path) {
    std::string made;
    bool in_converter = false;
    for (const char c : path) {
        in_converter = c == ':' ? made.find('{') != std::string::npos : in_converter && c != '}';
        if (!in_converter) {
            made += c;
        }
    }
    return made;
}

char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// "get items item_id", in words of one case or the other.
std::string words_of(const operation_core& operation, char between, bool capitals) {
    std::string made;
    bool begins = true;
    for (const char c : operation.method + ' ' + documented_path(operation.path)) {
        if (!is_word(c)) {
            begins = true;
            continue;
        }
        if (begins && !made.empty()) {
            made += between;
        }
        made += capitals && begins ? upper(c) : to_lower(c);
        begins = false;
    }
    return made;
}

class document_maker {
public:
    explicit document_maker(const app_core& app) : app_(app) {}

    value make();

private:
    void add(const operation_core& operation);
    value describe(const operation_core& operation);
    std::string unique_id(const operation_core& operation);
    void add_function(const bound_function& function);
    void add_parameter(const bound_parameter& p);
    void add_members(const bound_parameter& p);
    void add_named(std::string_view name, source from, bool required, value schema,
                   const rondo::detail::rules* rule);
    void add_body_member(const bound_parameter& p);
    void add_file(const bound_parameter& p);
    void add_security(const security_spec& spec);
    value schema_of(const bound_parameter& p);
    value body();
    value answers(const operation_core& operation);
    value answer(const operation_core& operation);
    value schema_of(const answer_spec& spec);

    const app_core& app_;
    rondo::detail::schema_book book_;
    json::object paths_;
    json::object schemes_;
    std::set<std::string> ids_;
    bool validates_any_ = false;
    bool streams_any_ = false;

    // ---- of the operation that is being described
    json::array parameters_;
    json::object properties_;  // members of the body, or fields of the form
    json::array required_;
    value whole_body_;
    bool body_is_required_ = false;
    bool is_form_ = false;
    bool is_multipart_ = false;
    bool is_raw_ = false;
    json::array security_;
    std::set<const bound_function*> seen_;
};

void document_maker::add_named(std::string_view name, source from, bool required, value schema,
                               const rondo::detail::rules* rule) {
    for (const value& one : parameters_) {
        if (one["name"] == value(name) && one["in"] == value(name_of(from))) {
            return;  // a dependency takes it as well
        }
    }
    json::object made{{"name", name}, {"in", name_of(from)}, {"required", required}};
    if (rule != nullptr && !rule->description.empty()) {
        made["description"] = rule->description;
    }
    if (rule != nullptr && rule->deprecated) {
        made["deprecated"] = true;
    }
    made["schema"] = std::move(schema);
    parameters_.emplace_back(std::move(made));
}

value document_maker::schema_of(const bound_parameter& p) {
    value schema = p.rule ? json_schema(*p.spec->type, *p.rule, reference_prefix, book_)
                          : json_schema(*p.spec->type, reference_prefix, book_);
    if (p.spec->write_default != nullptr) {
        std::string text;
        p.spec->write_default(text);
        schema["default"] = json::loads(text);
    }
    return schema;
}

/// Each member of a struct is a parameter of its own.
void document_maker::add_members(const bound_parameter& p) {
    rondo::detail::schema_book apart;
    const value whole = json_schema(*p.object, "", apart);
    const value& schema = apart.definitions.at(whole["$ref"].get<std::string>());
    const auto& shape = shape_of(*p.object);
    for (const auto& field : shape.fields) {
        const value& member = schema["properties"][field.name];
        const bool is_form = p.spec->from == source::form;
        if (is_form) {
            properties_[field.name] = member;
            if (field.required) {
                required_.emplace_back(field.name);
            }
            continue;
        }
        std::string name = field.name;
        if (p.spec->from == source::header) {
            std::replace(name.begin(), name.end(), '_', '-');
        }
        add_named(name, p.spec->from, field.required || p.spec->from == source::path, member,
                  field.rule);
    }
}

void document_maker::add_body_member(const bound_parameter& p) {
    properties_[p.name] = schema_of(p);
    if (p.required) {
        required_.emplace_back(p.name);
    }
}

void document_maker::add_parameter(const bound_parameter& p) {
    const bool in_body = p.spec->from == source::body || p.spec->from == source::form;
    if (in_body) {
        is_form_ = is_form_ || p.spec->from == source::form;
    }
    if (p.object != nullptr) {
        add_members(p);
    } else if (in_body) {
        add_body_member(p);
    } else {
        add_named(p.name, p.spec->from, p.required, schema_of(p), p.rule.get());
    }
}

void document_maker::add_file(const bound_parameter& p) {
    is_multipart_ = true;
    value file{{"type", "string"}, {"contentMediaType", "application/octet-stream"}};
    const bool is_list = p.spec->is_list_of_files;
    properties_[p.name] =
        is_list ? value{{"type", "array"}, {"items", std::move(file)}} : std::move(file);
    if (p.required) {
        required_.emplace_back(p.name);
    }
}

void document_maker::add_security(const security_spec& spec) {
    schemes_[spec.name] = json::loads(spec.definition);
    json::object requirement;
    requirement[spec.name] = json::array();
    value made(std::move(requirement));
    if (std::find(security_.begin(), security_.end(), made) == security_.end()) {
        security_.push_back(std::move(made));
    }
}

void document_maker::add_function(const bound_function& function) {
    if (!seen_.insert(&function).second) {
        return;
    }
    for (const bound_parameter& p : function.parameters) {
        switch (p.spec->kind) {
            case parameter_kind::value:
                add_parameter(p);
                break;
            case parameter_kind::file:
                add_file(p);
                break;
            case parameter_kind::raw_body:
                is_raw_ = true;
                break;
            case parameter_kind::whole_body:
                whole_body_ = json_schema(*p.spec->type, reference_prefix, book_);
                body_is_required_ = p.required;
                break;
            case parameter_kind::security:
                add_security(*p.spec->security);
                break;
            case parameter_kind::dependency:
                add_function(p.dependency->function);
                break;
            default:
                break;
        }
    }
}

value document_maker::body() {
    value schema = std::move(whole_body_);
    whole_body_ = nullptr;
    if (!properties_.empty()) {
        schema = value{{"type", "object"}, {"properties", std::exchange(properties_, {})}};
        body_is_required_ = !required_.empty();
        if (!required_.empty()) {
            schema["required"] = std::exchange(required_, {});
        }
    }
    if (is_raw_) {
        schema = json::object();
        body_is_required_ = true;
    }
    if (schema.is_null()) {
        return nullptr;
    }
    json::object content;
    content[is_raw_         ? "*/*"
            : is_multipart_ ? "multipart/form-data"
            : is_form_      ? "application/x-www-form-urlencoded"
                            : "application/json"] = value{{"schema", std::move(schema)}};
    return value{{"required", body_is_required_}, {"content", std::move(content)}};
}

value document_maker::schema_of(const answer_spec& spec) {
    return spec.type != nullptr ? json_schema(*spec.type, reference_prefix, book_) : value();
}

/// The schema of what the handler returns; of several alternatives any.
value document_maker::answer(const operation_core& operation) {
    json::array schemas;
    std::string_view media_type = "application/json";
    bool is_stream = false;
    for (const answer_spec& spec : operation.spec.answers) {
        if (spec.type != nullptr) {
            schemas.push_back(schema_of(spec));
        } else if (spec.is_empty) {
            schemas.push_back(value{{"type", "null"}});
        }
        media_type = spec.media_type.empty() ? media_type : spec.media_type;
        is_stream = is_stream || spec.is_stream;
    }
    streams_any_ = streams_any_ || is_stream;
    json::object made{{"description", operation.response_description}};
    if (!has_body(operation.status_code) || (schemas.empty() && !is_stream)) {
        return made;
    }
    json::object shown;
    if (!schemas.empty()) {
        value schema =
            schemas.size() == 1 ? std::move(schemas.front()) : value{{"anyOf", std::move(schemas)}};
        shown[is_stream ? "itemSchema" : "schema"] = std::move(schema);
    }
    json::object content;
    content[media_type] = std::move(shown);
    made["content"] = std::move(content);
    return made;
}

value document_maker::answers(const operation_core& operation) {
    json::object all;
    all[std::to_string(operation.status_code)] = answer(operation);
    for (const documented_answer& other : operation.answers) {
        json::object made{{"description", other.description}};
        if (other.type != nullptr) {
            json::object content;
            content["application/json"] =
                value{{"schema", json_schema(*other.type, reference_prefix, book_)}};
            made["content"] = std::move(content);
        }
        all[std::to_string(other.status_code)] = std::move(made);
    }
    return all;
}

std::string document_maker::unique_id(const operation_core& operation) {
    const std::string first =
        operation.operation_id.empty() ? words_of(operation, '_', false) : operation.operation_id;
    std::string id = first;
    for (int n = 2; !ids_.insert(id).second; ++n) {
        id = first + '_' + std::to_string(n);
    }
    return id;
}

value document_maker::describe(const operation_core& operation) {
    json::object made;
    if (!operation.tags.empty()) {
        made["tags"] = json::array(operation.tags.begin(), operation.tags.end());
    }
    made["summary"] =
        operation.summary.empty() ? words_of(operation, ' ', true) : operation.summary;
    if (!operation.description.empty()) {
        made["description"] = operation.description;
    }
    made["operationId"] = unique_id(operation);
    for (const bound_dependency* guard : operation.guards) {
        add_function(guard->function);
    }
    add_function(operation.function);
    const bool validates = !parameters_.empty() || !properties_.empty() || !whole_body_.is_null();
    if (!parameters_.empty()) {
        made["parameters"] = std::exchange(parameters_, {});
    }
    if (value described = body(); !described.is_null()) {
        made["requestBody"] = std::move(described);
    }
    made["responses"] = answers(operation);
    if (validates && !made["responses"].contains("422")) {
        made["responses"]["422"] = json::loads(
            R"({"description": "Validation Error", "content": {"application/json":
                {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}}})");
        validates_any_ = true;
    }
    if (operation.deprecated) {
        made["deprecated"] = true;
    }
    if (!security_.empty()) {
        made["security"] = std::exchange(security_, {});
    }
    return made;
}

void document_maker::add(const operation_core& operation) {
    if (!operation.include_in_schema) {
        return;
    }
    seen_.clear();
    is_form_ = is_multipart_ = is_raw_ = false;
    std::string method;
    for (const char c : operation.method) {
        method += to_lower(c);
    }
    paths_[documented_path(operation.path)][method] = describe(operation);
}

value document_maker::make() {
    for (const auto& operation : app_.operations) {
        add(*operation);
    }
    json::object info{{"title", app_.options.title}};
    if (!app_.options.summary.empty()) {
        info["summary"] = app_.options.summary;
    }
    if (!app_.options.description.empty()) {
        info["description"] = app_.options.description;
    }
    info["version"] = app_.options.version;
    // What a client would assume is said, too: linters ask for it. itemSchema came with 3.2.
    json::object made{{"openapi", streams_any_ ? "3.2.0" : "3.1.0"},
                      {"info", std::move(info)},
                      {"servers", json::array{value{{"url", "/"}}}},
                      {"security", json::array()},
                      {"paths", paths_}};
    json::object components;
    if (validates_any_) {
        const value schemas = json::loads(validation_schemas);
        for (const auto& [name, schema] : schemas.get<json::object>()) {
            book_.definitions[name] = schema;
        }
    }
    if (!book_.definitions.empty()) {
        components["schemas"] = std::move(book_.definitions);
    }
    if (!schemes_.empty()) {
        components["securitySchemes"] = std::move(schemes_);
    }
    if (!components.empty()) {
        made["components"] = std::move(components);
    }
    return made;
}

}  // namespace

value openapi_document(const app_core& app) { return document_maker(app).make(); }

}  // namespace rondo::http::detail
