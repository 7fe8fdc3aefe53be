// SPDX-License-Identifier: MIT
#include "json/reader.hpp"

#include "json/syntax.hpp"
#include <rondo/json/detail/text.hpp>
#include <rondo/json/object.hpp>

#include <algorithm>

namespace rondo::detail {

const rules& no_rules() {
    static const rules& none = *new rules;
    return none;
}

json::value to_value(node n) {
    switch (n.kind()) {
        case 't':
            return true;
        case 'f':
            return false;
        case 'l':
            return n.int64();
        case 'u':
            return n.uint64();
        case 'd':
            return n.real();
        case '"':
            return n.text();
        case '[': {
            json::array items;
            items.reserve(n.count());
            for (node item = n.first(); !item.is_end(); item = item.next()) {
                items.push_back(to_value(item));
            }
            return items;
        }
        case '{': {
            std::vector<json::object::member> members;
            members.reserve(n.count());
            for (node name = n.first(); !name.is_end(); name = name.next().next()) {
                members.emplace_back(name.text(), to_value(name.next()));
            }
            return json::object(std::move(members));
        }
        default:
            return nullptr;
    }
}

// ---- What is echoed -----------------------------------------------------------------------------

namespace {

constexpr std::size_t longest_echo = 1024;

const field* find_field(const object_shape& shape, std::string_view name) {
    const auto found = std::find_if(shape.fields.begin(), shape.fields.end(),
                                    [&](const field& f) { return f.name == name; });
    return found != shape.fields.end() ? &*found : nullptr;
}

/// The class that describes the members of an object, if one does.
const object_table* class_of(const type_table* type) {
    if (type == nullptr) {
        return nullptr;
    }
    switch (type->kind) {
        case type_kind::object:
            return static_cast<const object_table*>(type);
        case type_kind::partial:
            return static_cast<const partial_table*>(type)->whole;
        case type_kind::optional:
            return class_of(static_cast<const optional_table*>(type)->item);
        default:
            return nullptr;
    }
}

const type_table* item_type(const type_table* type) {
    if (type == nullptr) {
        return nullptr;
    }
    switch (type->kind) {
        case type_kind::list:
            return static_cast<const list_table*>(type)->item;
        case type_kind::map:
            return static_cast<const map_table*>(type)->item;
        case type_kind::optional:
            return item_type(static_cast<const optional_table*>(type)->item);
        default:
            return nullptr;
    }
}

/// Copies within a budget of characters; what is past it is left out.
class echoing {
public:
    json::value copy(node n, const type_table* type) {
        switch (n.kind()) {
            case '"':
                return text(n);
            case '[':
                return list(n, type);
            case '{':
                return members(n, type);
            default:
                spend(8);
                return to_value(n);
        }
    }

private:
    bool spend(std::size_t size) {
        left_ -= std::min(size, left_);
        return left_ > 0;
    }

    json::value text(node n) {
        std::string_view shown = n.text();
        if (shown.size() > left_) {
            std::size_t end = left_;
            while (end > 0 && (shown[end] & 0xc0) == 0x80) {
                --end;
            }
            shown = shown.substr(0, end);
        }
        spend(shown.size() + 2);
        return shown;
    }

    json::value list(node n, const type_table* type) {
        json::array items;
        for (node item = n.first(); !item.is_end() && spend(1); item = item.next()) {
            items.push_back(copy(item, item_type(type)));
        }
        return items;
    }

    json::value members(node n, const type_table* type) {
        const object_table* owner = class_of(type);
        const object_shape* shape = owner != nullptr ? &shape_of(*owner) : nullptr;
        std::vector<json::object::member> all;
        for (node name = n.first(); !name.is_end() && spend(1); name = name.next().next()) {
            const field* known = shape != nullptr ? find_field(*shape, name.text()) : nullptr;
            if (known == nullptr || !known->rule->write_only) {
                std::string shown = text(name).get<std::string>();
                all.emplace_back(
                    std::move(shown),
                    copy(name.next(), known != nullptr ? known->type : item_type(type)));
            }
        }
        return json::object(std::move(all));
    }

    std::size_t left_ = longest_echo;
};

}  // namespace

json::value echo(node n, const type_table* type) { return echoing().copy(n, type); }

json::array reader::location() const {
    json::array steps;
    for (const step* s = here_; s != nullptr; s = s->up) {
        steps.push_back(s->name.data() != nullptr ? json::value(s->name) : json::value(s->index));
    }
    std::reverse(steps.begin(), steps.end());
    steps.insert(steps.begin(), under_.begin(), under_.end());
    return steps;
}

bool reader::fail(node input, complaint what) {
    if (trying_ > 0) {
        return false;
    }
    errors_.push_back({what.type, location(), std::move(what.msg),
                       concealed_ > 0 || input.is_none() ? json::value() : echo(input, whose_),
                       std::move(what.ctx)});
    if (errors_.size() >= options_.max_errors) {
        throw enough();
    }
    return false;
}

// ---- What holds others --------------------------------------------------------------------------

bool reader::read(node n, const type_table& type, void* to, const rules& rule) {
    const strictness before = mode_;
    if (rule.strict) {
        mode_ = std::max(mode_, strictness::strict);
    }
    bool right = read_kind(n, type, to, rule);
    if (right && rule.checked && type.kind != type_kind::optional) {
        if (auto broken = broken_rule(rule, type, to)) {
            right = fail(n, std::move(*broken));
        }
    }
    mode_ = before;
    return right;
}

bool reader::read_kind(node n, const type_table& type, void* to, const rules& rule) {
    switch (type.kind) {
        case type_kind::optional:
            return read_optional(n, static_cast<const optional_table&>(type), to, rule);
        case type_kind::list:
            return read_list(n, static_cast<const list_table&>(type), to, rule);
        case type_kind::fixed_list:
            return read_fixed_list(n, static_cast<const fixed_list_table&>(type), to);
        case type_kind::map:
            return read_map(n, static_cast<const map_table&>(type), to, rule);
        case type_kind::object:
            return read_object(n, static_cast<const object_table&>(type), to, nullptr);
        case type_kind::partial: {
            const auto& part = static_cast<const partial_table&>(type);
            auto* base = static_cast<char*>(to);
            return read_object(n, *part.whole, base + part.value_offset,
                               reinterpret_cast<std::uint64_t*>(base + part.present_offset));
        }
        case type_kind::variant:
            return read_variant(n, static_cast<const variant_table&>(type), to, rule);
        case type_kind::dynamic:
            *static_cast<json::value*>(to) = to_value(n);
            return true;
        default:
            return read_scalar(n, type, to);
    }
}

bool reader::read_optional(node n, const optional_table& type, void* to, const rules& rule) {
    if (n.is_null()) {
        type.reset(to);
        return true;
    }
    return read(n, *type.item, type.emplace(to), rule);
}

bool reader::read_list(node n, const list_table& type, void* to, const rules& rule) {
    if (n.kind() != '[') {
        return fail(n, type.unique ? "set_type" : "list_type",
                    type.unique ? "Input should be a valid set" : "Input should be a valid list");
    }
    const rules& each = rule.each != nullptr ? *rule.each : no_rules();
    // Room for many is made once they have proved to be right.
    type.clear(to, std::min<std::size_t>(n.count(), 4096));
    bool right = true;
    std::size_t index = 0;
    for (node item = n.first(); !item.is_end() && !is_hopeless(right);
         item = item.next(), ++index) {
        const step at(*this, index);
        auto fill = [&](void* object) { return read(item, *type.item, object, each); };
        auto fill_and_note = [&](void* object) {
            const bool ok = fill(object);
            right = right && ok;
            return ok;
        };
        type.add(to, as_filler(fill_and_note));
    }
    return right;
}

bool reader::read_fixed_list(node n, const fixed_list_table& type, void* to) {
    if (n.kind() != '[') {
        return fail(n, "tuple_type", "Input should be a valid tuple");
    }
    bool right = true;
    std::size_t index = 0;
    for (node item = n.first(); !item.is_end(); item = item.next(), ++index) {
        if (index < type.length) {
            const step at(*this, index);
            right = read(item, *type.items[index], type.at(to, index), no_rules()) && right;
        }
    }
    if (index > type.length) {
        return fail(n, {"too_long",
                        "Tuple should have at most " + counted_words(type.length, "item") +
                            " after validation, not " + std::to_string(index),
                        json::value{{"field_type", "Tuple"},
                                    {"max_length", type.length},
                                    {"actual_length", index}}});
    }
    for (; index < type.length; ++index) {
        const step at(*this, index);
        right = fail(n, "missing", "Field required");
    }
    return right;
}

namespace {

/// Says of the names of an object which one is the last of its kind. They are sorted when it is
/// first asked, which is after the first fault.
class last_names {
public:
    explicit last_names(node object) : object_(object) {}

    bool is_last(std::string_view name) {
        if (sorted_.empty()) {
            for (node n = object_.first(); !n.is_end(); n = n.next().next()) {
                sorted_.push_back(n.text());
            }
            std::sort(sorted_.begin(), sorted_.end(), [](std::string_view a, std::string_view b) {
                const int order = a.compare(b);  // equal ones as they lie in the text
                return order != 0 ? order < 0 : a.data() < b.data();
            });
        }
        const auto after = std::upper_bound(sorted_.begin(), sorted_.end(), name);
        return after[-1].data() == name.data();
    }

private:
    node object_;
    std::vector<std::string_view> sorted_;
};

}  // namespace

bool reader::read_map(node n, const map_table& type, void* to, const rules& rule) {
    if (n.kind() != '{') {
        return fail(n, "dict_type", "Input should be a valid dictionary");
    }
    const rules& each = rule.each != nullptr ? *rule.each : no_rules();
    const rules& keys = rule.keys != nullptr ? *rule.keys : no_rules();
    type.clear(to);
    last_names names(n);
    bool right = true;
    for (node name = n.first(); !name.is_end(); name = name.next().next()) {
        const step at(*this, name.text());
        const std::size_t before = errors_.size();
        bool ok = true;
        auto fill_key = [&](void* key) { return ok = read_key(name, *type.key, key, keys); };
        auto fill = [&](void* item) { return ok = read(name.next(), *type.item, item, each); };
        type.add(to, as_filler(fill_key), as_filler(fill));
        if (!ok && !names.is_last(name.text())) {  // the last one wins
            errors_.resize(before);
            ok = true;
        }
        right = right && ok;
        if (is_hopeless(right)) {
            break;
        }
    }
    return right;
}

/// A name is always a string, so that numbers are read from it however strict reading is.
bool reader::read_key(node n, const type_table& type, void* to, const rules& rule) {
    const step at(*this, "[key]");
    const strictness before = mode_;
    mode_ = strictness::lax;
    const bool right = read(n, type, to, rule);
    mode_ = before;
    return right;
}

// ---- From a text --------------------------------------------------------------------------------

namespace {

bool read_document(const document& parsed, std::size_t size, const type_table& type, void* to,
                   const rules& rule, const json::load_options& options, const json::array& under,
                   std::vector<json::error_detail>& errors) {
    try {
        return reader(options, size, under, errors).read(parsed.root(), type, to, rule);
    } catch (const reader::enough&) {
        return false;
    }
}

/// A text that the parser has taken, and that may still have names that stand twice.
void refuse_duplicates(std::string_view text, const json::load_options& options) {
    if (options.duplicates == json::duplicates_policy::error) {
        if (const auto fault = find_syntax_fault(text, true)) {
            throw json::decode_error(fault->message, text, fault->position);
        }
    }
}

}  // namespace

bool try_read_json(std::string_view text, const type_table& type, void* to, const rules& rule,
                   const json::load_options& options, const json::array& under,
                   std::vector<json::error_detail>& errors) {
    const document parsed(text);
    refuse_duplicates(text, options);
    return read_document(parsed, text.size(), type, to, rule, options, under, errors);
}

void read_json(std::string_view text, const type_table& type, void* to,
               const json::load_options& options) {
    std::vector<json::error_detail> errors;
    if (!try_read_json(text, type, to, no_rules(), options, {}, errors)) {
        throw json::validation_error(std::move(errors));
    }
}

namespace {

using named_texts = std::vector<std::pair<std::string_view, std::string_view>>;

/// A tape with strings on it, as if they had been parsed.
class text_tape {
public:
    node one(std::string_view text) {
        add(text);
        return root();
    }

    node list(const std::vector<std::string_view>& texts) {
        const std::uint64_t after = texts.size() + 2;
        tape_.push_back(std::uint64_t{'['} << 56 | std::uint64_t{texts.size()} << 32 | after);
        for (const auto text : texts) {
            add(text);
        }
        tape_.push_back(std::uint64_t{']'} << 56);
        return root();
    }

    /// An object of those members that the class has, and of the others.
    node object(const object_shape& shape, const named_texts& fields) {
        tape_.push_back(0);
        for (const auto& field : shape.fields) {
            member(field, fields);
        }
        for (const auto& [name, text] : fields) {
            if (!is_member(shape, name)) {
                add(name);
                add(text);
            }
        }
        tape_.push_back(std::uint64_t{'}'} << 56);
        tape_.front() = std::uint64_t{'{'} << 56 | tape_.size();
        return root();
    }

    std::size_t size() const noexcept { return strings_.size(); }

private:
    static bool is_member(const object_shape& shape, std::string_view name) {
        return std::any_of(shape.fields.begin(), shape.fields.end(),
                           [&](const field& f) { return f.name == name; });
    }
    void member(const field& field, const named_texts& fields) {
        const auto has_its_name = [&](const auto& one) { return one.first == field.name; };
        const auto count = std::count_if(fields.begin(), fields.end(), has_its_name);
        if (count == 0) {
            return;
        }
        add(field.name);
        if (without_optional(*field.type).kind != type_kind::list) {
            add(std::find_if(fields.rbegin(), fields.rend(), has_its_name)->second);
            return;
        }
        const std::size_t begin = tape_.size();
        tape_.push_back(0);
        for (const auto& [name, text] : fields) {
            if (name == field.name) {
                add(text);
            }
        }
        tape_.push_back(std::uint64_t{']'} << 56);
        tape_[begin] = std::uint64_t{'['} << 56 | static_cast<std::uint64_t>(count) << 32 |
                       static_cast<std::uint64_t>(tape_.size());
    }
    void add(std::string_view text) {
        const std::string replaced = is_utf8(text) ? std::string() : to_utf8(text);
        text = replaced.empty() ? text : replaced;
        tape_.push_back(std::uint64_t{'"'} << 56 | strings_.size());
        const auto size = static_cast<std::uint32_t>(text.size());
        strings_.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
    }
    node root() const noexcept {
        return {tape_.data(), tape_.data(), reinterpret_cast<const std::uint8_t*>(strings_.data())};
    }

    std::vector<std::uint64_t> tape_;
    std::string strings_;
};

bool read_texts(node n, std::size_t size, const type_table& type, void* to, const rules& rule,
                const json::array& under, std::vector<json::error_detail>& errors) {
    const json::load_options options;
    try {
        return reader(options, size, under, errors).read(n, type, to, rule);
    } catch (const reader::enough&) {
        return false;
    }
}

}  // namespace

bool try_read_text(std::string_view text, const type_table& type, void* to, const rules& rule,
                   const json::array& under, std::vector<json::error_detail>& errors) {
    text_tape tape;
    const node n = tape.one(text);
    return read_texts(n, tape.size(), type, to, rule, under, errors);
}

bool try_read_texts(const std::vector<std::string_view>& texts, const type_table& type, void* to,
                    const rules& rule, const json::array& under,
                    std::vector<json::error_detail>& errors) {
    text_tape tape;
    const node n = tape.list(texts);
    return read_texts(n, tape.size(), type, to, rule, under, errors);
}

bool try_read_fields(const named_texts& fields, const object_table& type, void* to,
                     const json::array& under, std::vector<json::error_detail>& errors) {
    text_tape tape;
    const node n = tape.object(shape_of(type), fields);
    return read_texts(n, tape.size(), type, to, no_rules(), under, errors);
}

}  // namespace rondo::detail
