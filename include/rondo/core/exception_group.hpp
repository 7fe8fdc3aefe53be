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
    exception_group(const exception_group& other);
    exception_group(exception_group&& other) noexcept;
    exception_group& operator=(exception_group other) noexcept;
    ~exception_group() override;

    const std::string& message() const noexcept { return message_; }
    const std::vector<std::exception_ptr>& exceptions() const noexcept { return exceptions_; }
    /// The message, and each error on a line of its own.
    const char* what() const noexcept override;

    /// The first error of type E, in nested groups as well; null when there is none. Lives as long
    /// as the group.
    template <class E>
    const E* find() const {
        return static_cast<const E*>(find_by([](const std::exception_ptr& error) -> const void* {
            try {
                std::rethrow_exception(error);
            } catch (const E& found) {
                return __builtin_addressof(found);
            } catch (...) {
                return nullptr;
            }
        }));
    }

    /// The errors for which pred(exception_ptr) holds, and the rest, both with the nesting kept;
    /// nullopt for an empty side.
    template <class Predicate>
    std::pair<std::optional<exception_group>, std::optional<exception_group>> split(
        Predicate pred) const {
        return split_by(
            [](void* p, const std::exception_ptr& error) -> bool {
                return (*static_cast<Predicate*>(p))(error);
            },
            __builtin_addressof(pred));
    }

private:
    using halves = std::pair<std::optional<exception_group>, std::optional<exception_group>>;

    // Groups may be nested as deep as there is memory: none of these recurses.
    const void* find_by(const void* (*match)(const std::exception_ptr&)) const;
    halves split_by(bool (*fits)(void*, const std::exception_ptr&), void* pred) const;
    std::string text() const;

    std::string message_;
    std::vector<std::exception_ptr> exceptions_;
    // Made when somebody asks for it, in whichever thread, and accessed through std::atomic_ref.
    mutable const std::string* what_ = nullptr;
};

}  // namespace rondo
