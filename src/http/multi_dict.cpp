// SPDX-License-Identifier: MIT
#include <rondo/http/multi_dict.hpp>

namespace rondo::http {

std::optional<std::string_view> multi_dict::get(std::string_view name) const noexcept {
    for (std::size_t i = entries_.size(); i-- > 0;) {
        if (entries_[i].first == name) {
            return entries_[i].second;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> multi_dict::get_all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [known, value] : entries_) {
        if (known == name) {
            values.push_back(value);
        }
    }
    return values;
}

std::string multi_dict::operator[](std::string_view name) const {
    return std::string(get(name).value_or(""));
}

}  // namespace rondo::http
