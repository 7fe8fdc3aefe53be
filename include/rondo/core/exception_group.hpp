// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rondo {

/// Several errors that happened side by side: Python's ExceptionGroup. A task group throws one even
/// for a single error. Groups nest.
class exception_group : public std::exception {
public:
    /// `exceptions` holds at least one error.
    exception_group(std::string message, std::vector<std::exception_ptr> exceptions);

    const std::string& message() const noexcept { return message_; }
    const std::vector<std::exception_ptr>& exceptions() const noexcept { return exceptions_; }
    /// The message, and each error on a line of its own.
    const char* what() const noexcept override { return what_.c_str(); }

    /// The first error of type E, in nested groups as well; null when there is none. Lives as long
    /// as the group.
    template <class E>
    const E* find() const {
        for (const std::exception_ptr& error : exceptions_) {
            try {
                std::rethrow_exception(error);
            } catch (const E& found) {
                return &found;
            } catch (const exception_group& nested) {
                if (const E* found = nested.find<E>()) {
                    return found;
                }
            } catch (...) {
                continue;
            }
        }
        return nullptr;
    }

    /// The errors for which pred(exception_ptr) holds, and the rest, both with the nesting kept;
    /// nullopt for an empty side.
    template <class Predicate>
    std::pair<std::optional<exception_group>, std::optional<exception_group>> split(
        Predicate pred) const {
        std::vector<std::exception_ptr> matching;
        std::vector<std::exception_ptr> rest;
        for (const std::exception_ptr& error : exceptions_) {
            if (const exception_group* nested = as_group(error)) {
                auto [yes, no] = nested->split(pred);
                append(matching, std::move(yes));
                append(rest, std::move(no));
            } else {
                (pred(error) ? matching : rest).push_back(error);
            }
        }
        return {with(std::move(matching)), with(std::move(rest))};
    }

private:
    static const exception_group* as_group(const std::exception_ptr& error) noexcept;
    static void append(std::vector<std::exception_ptr>& list, std::optional<exception_group> group);
    std::optional<exception_group> with(std::vector<std::exception_ptr> exceptions) const;

    std::string message_;
    std::vector<std::exception_ptr> exceptions_;
    std::string what_;
};

}  // namespace rondo
