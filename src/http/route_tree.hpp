// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::http::detail {

class operation_core;

/// Finds the operation of a path. A segment of text is found by a search among its siblings, so the
/// work does not grow with the number of routes, but by its logarithm.
class route_tree {
public:
    /// Names and values of the route's parameters, as they stand in the path.
    using captures = std::vector<std::pair<std::string_view, std::string_view>>;

    struct match {
        operation_core* operation = nullptr;
        std::vector<std::string_view> allowed;  // methods of the path, where none is the right one
    };

    /// Throws std::logic_error for a route that is there already.
    void add(operation_core& operation);

    /// `path` is split first, then each segment is decoded: "%2F" separates nothing. The names of
    /// captures are the operation's. A GET route also serves HEAD.
    match find(std::string_view method, std::string_view path, captures& found) const;

private:
    enum class segment_kind : std::uint8_t { text, integer, real, uuid, any, rest };
    struct node;
    using child = std::pair<std::string, std::unique_ptr<node>>;

    struct node {
        std::vector<child> texts;                                           // sorted
        std::vector<std::pair<segment_kind, std::unique_ptr<node>>> names;  // narrowest first
        std::vector<operation_core*> operations;

        node& child_for(std::string_view segment);
    };
    struct search;

    static segment_kind kind_of(std::string_view segment);

    node root_;
};

}  // namespace rondo::http::detail
