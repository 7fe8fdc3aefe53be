// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/exception_group.hpp>

#include <stdexcept>

namespace rondo {

exception_group::exception_group(std::string message, std::vector<std::exception_ptr> exceptions)
    : message_(std::move(message)), exceptions_(std::move(exceptions)) {
    if (exceptions_.empty()) {
        throw std::invalid_argument("exception_group: needs at least one exception");
    }
    what_ = message_ + " (" + std::to_string(exceptions_.size()) +
            (exceptions_.size() == 1 ? " sub-exception)" : " sub-exceptions)");
    for (const std::exception_ptr& error : exceptions_) {
        what_ += "\n  " + describe_exception(error);
    }
}

const exception_group* exception_group::as_group(const std::exception_ptr& error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const exception_group& group) {
        return &group;
    } catch (...) {
        return nullptr;
    }
}

void exception_group::append(std::vector<std::exception_ptr>& list,
                             std::optional<exception_group> group) {
    if (group) {
        list.push_back(std::make_exception_ptr(std::move(*group)));
    }
}

std::optional<exception_group> exception_group::with(
    std::vector<std::exception_ptr> exceptions) const {
    if (exceptions.empty()) {
        return std::nullopt;
    }
    return exception_group(message_, std::move(exceptions));
}

}  // namespace rondo
