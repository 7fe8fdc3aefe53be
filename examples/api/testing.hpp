// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>

#include <map>
#include <optional>
#include <string>

struct item {
    std::string id, title;
    std::optional<std::string> description;
};
using database = std::map<std::string, item>;

rondo::coro<database> get_db();
