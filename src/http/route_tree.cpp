// SPDX-License-Identifier: MIT
#include "http/route_tree.hpp"

#include "http/percent.hpp"
#include "http/router_core.hpp"
#include <rondo/base/uuid.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo::http::detail {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_integer(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// As Starlette's converter: digits, and perhaps a point and more digits.
bool is_real(std::string_view text) noexcept {
    const std::size_t point = text.find('.');
    return is_integer(text.substr(0, point)) &&
           (point == std::string_view::npos || is_integer(text.substr(point + 1)));
}

}  // namespace

route_tree::segment_kind route_tree::kind_of(std::string_view segment) {
    if (!segment.starts_with('{')) {
        return segment_kind::text;
    }
    const std::size_t colon = segment.find(':');
    if (colon == std::string_view::npos) {
        return segment_kind::any;
    }
    const std::string_view converter = segment.substr(colon + 1, segment.size() - colon - 2);
    return converter == "int"     ? segment_kind::integer
           : converter == "float" ? segment_kind::real
           : converter == "uuid"  ? segment_kind::uuid
           : converter == "path"  ? segment_kind::rest
                                  : segment_kind::any;
}

route_tree::node& route_tree::node::child_for(std::string_view segment) {
    const segment_kind kind = kind_of(segment);
    if (kind == segment_kind::text) {
        auto at = std::lower_bound(texts.begin(), texts.end(), segment,
                                   [](const child& c, std::string_view s) { return c.first < s; });
        if (at == texts.end() || at->first != segment) {
            at = texts.emplace(at, std::string(segment), std::make_unique<node>());
        }
        return *at->second;
    }
    auto at = std::find_if(names.begin(), names.end(),
                           [kind](const auto& one) { return one.first >= kind; });
    if (at == names.end() || at->first != kind) {
        at = names.emplace(at, kind, std::make_unique<node>());
    }
    return *at->second;
}

void route_tree::add(operation_core& operation) {
    node* at = &root_;
    std::string_view rest = std::string_view(operation.path).substr(1);
    for (bool more = true; more;) {
        const std::size_t slash = rest.find('/');
        at = &at->child_for(rest.substr(0, slash));
        more = slash != std::string_view::npos;
        rest = more ? rest.substr(slash + 1) : rest;
    }
    for (const operation_core* other : at->operations) {
        if (other->method == operation.method) {
            throw std::logic_error(operation.title() + ": the app has this route already, as " +
                                   other->title());
        }
    }
    at->operations.push_back(&operation);
}

struct route_tree::search {
    std::string_view method;
    captures& found;
    match& result;

    /// `rest` is what follows the slash; npos-sized when the path has ended.
    bool visit(const node& at, std::string_view rest) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        const bool is_last = slash == std::string_view::npos;
        const std::string_view after = is_last ? std::string_view() : rest.substr(slash + 1);
        return visit_text(at, segment, after, is_last) ||
               visit_names(at, rest, segment, after, is_last);
    }

private:
    bool go(const node& child, std::string_view after, bool is_last) {
        return is_last ? accept(child) : visit(child, after);
    }

    bool visit_text(const node& at, std::string_view segment, std::string_view after,
                    bool is_last) {
        std::string decoded;
        if (segment.find('%') != std::string_view::npos) {
            percent_decode(segment, decoded);
            segment = decoded;
        }
        const auto child =
            std::lower_bound(at.texts.begin(), at.texts.end(), segment,
                             [](const auto& c, std::string_view s) { return c.first < s; });
        return child != at.texts.end() && child->first == segment &&
               go(*child->second, after, is_last);
    }

    bool visit_names(const node& at, std::string_view rest, std::string_view segment,
                     std::string_view after, bool is_last) {
        for (const auto& [kind, child] : at.names) {
            const bool takes_rest = kind == segment_kind::rest;
            if (!fits(kind, segment)) {
                continue;
            }
            found.emplace_back(std::string_view(), takes_rest ? rest : segment);
            if (go(*child, after, is_last || takes_rest)) {
                return true;
            }
            found.pop_back();
        }
        return false;
    }

    static bool fits(segment_kind kind, std::string_view segment) {
        switch (kind) {
            case segment_kind::integer:
                return is_integer(segment);
            case segment_kind::real:
                return is_real(segment);
            case segment_kind::uuid:
                return uuid::parse(segment).has_value();
            case segment_kind::any:
                return !segment.empty();
            default:
                return true;
        }
    }

    bool accept(const node& at) {
        operation_core* head_by_get = nullptr;
        for (operation_core* operation : at.operations) {
            if (operation->method == method) {
                result.operation = operation;
                return true;
            }
            if (method == "HEAD" && operation->method == "GET") {
                head_by_get = operation;
            }
        }
        result.operation = head_by_get;
        if (head_by_get == nullptr) {
            for (const operation_core* operation : at.operations) {
                result.allowed.push_back(operation->method);
            }
        }
        return head_by_get != nullptr;
    }
};

route_tree::match route_tree::find(std::string_view method, std::string_view path,
                                   captures& found) const {
    match result;
    found.clear();
    if (path.starts_with('/') && search{method, found, result}.visit(root_, path.substr(1))) {
        const auto& names = result.operation->names;
        for (std::size_t i = 0; i < found.size(); ++i) {
            found[i].first = names[i];
        }
    }
    return result;
}

}  // namespace rondo::http::detail
