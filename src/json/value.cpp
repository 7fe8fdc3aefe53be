// SPDX-License-Identifier: MIT
#include <rondo/json/errors.hpp>
#include <rondo/json/object.hpp>
#include <rondo/json/value.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace rondo::json {
namespace {

const char* name_of(kind k) noexcept {
    static constexpr const char* names[] = {"null",   "a boolean", "an integer", "an integer",
                                            "a real", "a string",  "an array",   "an object"};
    return names[static_cast<std::size_t>(k)];
}

[[noreturn]] void mismatch(const char* wanted, kind held) {
    throw type_error(std::string("the value is ") + name_of(held) + ", not " + wanted);
}

[[noreturn]] void no_member(std::string_view name) {
    throw std::out_of_range("there is no member \"" + std::string(name) + '"');
}

bool is_pair(const value& v) { return v.is_array() && v.size() == 2 && v[0].is_string(); }

/// Objects with fewer members are searched one by one.
constexpr std::size_t few = 16;

}  // namespace

// ---- value --------------------------------------------------------------------------------------

value::value(std::string text) : kind_(kind::string) {
    number_.string = new std::string(std::move(text));
}
value::value(std::string_view text) : value(std::string(text)) {}
value::value(const char* text) : value(std::string(text)) {}
value::value(json::array items) : kind_(kind::array) {
    number_.array = new json::array(std::move(items));
}
value::value(json::object members) : kind_(kind::object) {
    number_.object = new json::object(std::move(members));
}

value::value(std::initializer_list<value> list) {
    if (list.size() != 0 && std::all_of(list.begin(), list.end(), is_pair)) {
        std::vector<object::member> members;
        for (const value& pair : list) {
            members.emplace_back(pair[0].string(), pair[1]);
        }
        *this = value(json::object(std::move(members)));
    } else if (list.size() == 1) {
        *this = *list.begin();
    } else {
        *this = value(json::array(list));
    }
}

value::value(const value& other) : kind_(other.kind_), number_(other.number_) {
    switch (kind_) {
        case kind::string:
            number_.string = new std::string(*other.number_.string);
            break;
        case kind::array:
            number_.array = new json::array(*other.number_.array);
            break;
        case kind::object:
            number_.object = new json::object(*other.number_.object);
            break;
        default:
            break;
    }
}

void value::destroy() noexcept {
    switch (kind_) {
        case kind::string:
            delete number_.string;
            break;
        case kind::array:
            delete number_.array;
            break;
        default:
            delete number_.object;
            break;
    }
}

bool value::boolean() const {
    if (kind_ != kind::boolean) {
        mismatch("a boolean", kind_);
    }
    return number_.boolean;
}

double value::real() const {
    switch (kind_) {
        case kind::integer:
            return static_cast<double>(number_.integer);
        case kind::unsigned_integer:
            return static_cast<double>(number_.unsigned_integer);
        case kind::real:
            return number_.real;
        default:
            mismatch("a number", kind_);
    }
}

const std::string& value::string() const {
    if (kind_ != kind::string) {
        mismatch("a string", kind_);
    }
    return *number_.string;
}

const json::array& value::items() const {
    if (kind_ != kind::array) {
        mismatch("an array", kind_);
    }
    return *number_.array;
}

const json::object& value::members() const {
    if (kind_ != kind::object) {
        mismatch("an object", kind_);
    }
    return *number_.object;
}

std::int64_t value::integer(std::int64_t least, std::int64_t most) const {
    if (kind_ != kind::integer && kind_ != kind::unsigned_integer) {
        mismatch("an integer", kind_);
    }
    if (kind_ == kind::unsigned_integer || number_.integer < least || number_.integer > most) {
        throw type_error("the integer does not fit");
    }
    return number_.integer;
}

std::uint64_t value::unsigned_integer(std::uint64_t most) const {
    if (kind_ != kind::integer && kind_ != kind::unsigned_integer) {
        mismatch("an integer", kind_);
    }
    if ((kind_ == kind::integer && number_.integer < 0) || number_.unsigned_integer > most) {
        throw type_error("the integer does not fit");
    }
    return number_.unsigned_integer;
}

std::size_t value::size() const noexcept {
    return is_array() ? number_.array->size() : is_object() ? number_.object->size() : 0;
}

bool value::contains(std::string_view name) const noexcept {
    return is_object() && number_.object->contains(name);
}

const value& value::operator[](std::string_view name) const { return members().at(name); }

value& value::operator[](std::string_view name) {
    if (is_null()) {
        *this = value(json::object());
    }
    return const_cast<json::object&>(members())[name];
}

const value& value::item(std::size_t index) const {
    const auto& all = items();
    if (index >= all.size()) {
        throw std::out_of_range("there is no item " + std::to_string(index) + " of " +
                                std::to_string(all.size()));
    }
    return all[index];
}

bool value::equals(const value& other) const noexcept {
    if (kind_ != other.kind_) {
        // An integer and a real; two kinds of integer are never equal.
        const value& real = kind_ == kind::real ? *this : other;
        const value& whole = kind_ == kind::real ? other : *this;
        const double d = real.number_.real;
        if (real.kind_ != kind::real || !whole.is_number() || std::trunc(d) != d) {
            return false;
        }
        return whole.kind_ == kind::integer
                   ? d >= -0x1p63 && d < 0x1p63 &&
                         static_cast<std::int64_t>(d) == whole.number_.integer
                   : d >= 0 && d < 0x1p64 &&
                         static_cast<std::uint64_t>(d) == whole.number_.unsigned_integer;
    }
    switch (kind_) {
        case kind::null:
            return true;
        case kind::boolean:
            return number_.boolean == other.number_.boolean;
        case kind::real:
            return number_.real == other.number_.real;
        case kind::string:
            return *number_.string == *other.number_.string;
        case kind::array:
            return *number_.array == *other.number_.array;
        case kind::object:
            return *number_.object == *other.number_.object;
        default:
            return number_.unsigned_integer == other.number_.unsigned_integer;
    }
}

// ---- object -------------------------------------------------------------------------------------

object::object(std::initializer_list<member> list) : object(std::vector<member>(list)) {}

object::object(std::vector<member> members) : members_(std::move(members)) {
    // Equal names side by side, in the order in which they came.
    std::vector<std::uint32_t> order(members_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
        const int names = members_[a].first.compare(members_[b].first);
        return names != 0 ? names < 0 : a < b;
    });
    std::vector<bool> gone(members_.size());
    for (std::size_t i = 0, first = 0; i < order.size(); ++i) {
        if (members_[order[i]].first != members_[order[first]].first) {
            first = i;
        } else if (i != first) {
            members_[order[first]].second.swap(members_[order[i]].second);
            gone[order[i]] = true;
        }
    }
    std::size_t at = 0;
    std::erase_if(members_, [&](const member&) { return gone[at++]; });
    index();
}

void object::index() {
    by_name_.clear();
    if (members_.size() >= few) {
        by_name_.resize(members_.size());
        std::iota(by_name_.begin(), by_name_.end(), 0u);
        std::sort(by_name_.begin(), by_name_.end(), [this](std::uint32_t a, std::uint32_t b) {
            return members_[a].first < members_[b].first;
        });
    }
}

/// Where it stands in members_, or members_.size().
std::size_t object::position(std::string_view name) const noexcept {
    if (by_name_.empty()) {
        const auto found = std::find_if(members_.begin(), members_.end(),
                                        [&](const member& m) { return m.first == name; });
        return static_cast<std::size_t>(found - members_.begin());
    }
    const auto found = std::lower_bound(
        by_name_.begin(), by_name_.end(), name,
        [this](std::uint32_t i, std::string_view n) { return members_[i].first < n; });
    return found != by_name_.end() && members_[*found].first == name ? *found : members_.size();
}

const value* object::find(std::string_view name) const noexcept {
    const std::size_t at = position(name);
    return at < members_.size() ? &members_[at].second : nullptr;
}

value* object::find(std::string_view name) noexcept {
    return const_cast<value*>(std::as_const(*this).find(name));
}

const value& object::at(std::string_view name) const {
    const value* found = find(name);
    if (found == nullptr) {
        no_member(name);
    }
    return *found;
}

value& object::operator[](std::string_view name) {
    if (value* found = find(name)) {
        return *found;
    }
    members_.emplace_back(std::string(name), value());
    if (members_.size() == few) {
        index();
    } else if (members_.size() > few) {
        const auto place = std::lower_bound(
            by_name_.begin(), by_name_.end(), name,
            [this](std::uint32_t i, std::string_view n) { return members_[i].first < n; });
        by_name_.insert(place, static_cast<std::uint32_t>(members_.size() - 1));
    }
    return members_.back().second;
}

bool object::erase(std::string_view name) {
    const std::size_t at = position(name);
    if (at == members_.size()) {
        return false;
    }
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(at));
    index();
    return true;
}

bool object::equals(const object& other) const noexcept {
    return size() == other.size() && std::all_of(begin(), end(), [&](const member& m) {
               const value* found = other.find(m.first);
               return found != nullptr && *found == m.second;
           });
}

}  // namespace rondo::json
