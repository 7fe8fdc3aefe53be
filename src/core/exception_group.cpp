// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/exception_group.hpp>

#include <atomic>
#include <iterator>
#include <memory>
#include <new>
#include <stdexcept>
#include <typeinfo>

namespace rondo {

namespace {

using errors = std::vector<std::exception_ptr>;

/// What the outermost call of drop() has to destroy.
constinit thread_local errors* dying = nullptr;

/// Destroys errors that may be groups, and these may hold others, as deep as there is memory.
void drop(errors list) noexcept {
    if (dying != nullptr) {
        if (dying->empty()) {
            dying->swap(list);
            return;
        }
        try {
            dying->insert(dying->end(), std::make_move_iterator(list.begin()),
                          std::make_move_iterator(list.end()));
            return;
        } catch (const std::bad_alloc&) {  // then here and now
            list.clear();
            return;
        }
    }
    dying = &list;
    while (!list.empty()) {
        const std::exception_ptr last = std::move(list.back());
        list.pop_back();
    }
    dying = nullptr;
}

const exception_group* as_group(const std::exception_ptr& error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const exception_group& group) {
        return &group;
    } catch (...) {
        return nullptr;
    }
}

/// The first one last, where it is taken from.
void put_before(std::vector<const std::exception_ptr*>& left, const exception_group& group) {
    const errors& list = group.exceptions();
    for (auto error = list.rbegin(); error != list.rend(); ++error) {
        left.push_back(&*error);
    }
}

std::string headline(const exception_group& group) {
    const std::size_t count = group.exceptions().size();
    return group.message() + " (" + std::to_string(count) +
           (count == 1 ? " sub-exception)" : " sub-exceptions)");
}

std::optional<exception_group> group_of(const exception_group& like, errors list) {
    if (list.empty()) {
        return std::nullopt;
    }
    return exception_group(like.message(), std::move(list));
}

void append(errors& list, std::optional<exception_group> group) {
    if (group) {
        list.push_back(std::make_exception_ptr(std::move(*group)));
    }
}

}  // namespace

exception_group::exception_group(std::string message, std::vector<std::exception_ptr> exceptions)
    : message_(std::move(message)), exceptions_(std::move(exceptions)) {
    if (exceptions_.empty()) {
        throw std::invalid_argument("exception_group: needs at least one exception");
    }
}

exception_group::exception_group(const exception_group& other)
    : std::exception(other), message_(other.message_), exceptions_(other.exceptions_) {}

exception_group::exception_group(exception_group&& other) noexcept
    : std::exception(other),
      message_(std::move(other.message_)),
      exceptions_(std::move(other.exceptions_)),
      what_(std::exchange(other.what_, nullptr)) {}

exception_group& exception_group::operator=(exception_group other) noexcept {
    message_.swap(other.message_);
    exceptions_.swap(other.exceptions_);
    std::swap(what_, other.what_);
    return *this;
}

exception_group::~exception_group() {
    delete what_;
    drop(std::move(exceptions_));
}

const char* exception_group::what() const noexcept {
    const std::atomic_ref what(what_);
    const std::string* made = what.load(std::memory_order_acquire);
    if (made != nullptr) {
        return made->c_str();
    }
    try {
        auto mine = std::make_unique<const std::string>(text());
        if (what.compare_exchange_strong(made, mine.get(), std::memory_order_acq_rel)) {
            made = mine.release();
        }
        return made->c_str();
    } catch (const std::bad_alloc&) {
        return message_.c_str();
    }
}

std::string exception_group::text() const {
    std::string all = headline(*this);
    std::vector<const std::exception_ptr*> left;
    put_before(left, *this);
    while (!left.empty()) {
        const std::exception_ptr& error = *left.back();
        left.pop_back();
        all += "\n  ";
        if (const exception_group* nested = as_group(error)) {
            all += detail::type_name(typeid(*nested)) + ": " + headline(*nested);
            put_before(left, *nested);
        } else {
            all += describe_exception(error);
        }
    }
    return all;
}

const void* exception_group::find_by(const void* (*match)(const std::exception_ptr&)) const {
    std::vector<const std::exception_ptr*> left;
    put_before(left, *this);
    while (!left.empty()) {
        const std::exception_ptr& error = *left.back();
        left.pop_back();
        if (const void* found = match(error)) {
            return found;
        }
        if (const exception_group* nested = as_group(error)) {
            put_before(left, *nested);
        }
    }
    return nullptr;
}

exception_group::halves exception_group::split_by(bool (*fits)(void*, const std::exception_ptr&),
                                                  void* pred) const {
    struct level {
        explicit level(const exception_group& group) noexcept : of(&group) {}
        const exception_group* of;
        std::size_t done = 0;
        errors matching{};
        errors rest{};
    };
    std::vector<level> levels{level(*this)};
    for (;;) {
        level& at = levels.back();
        if (at.done < at.of->exceptions().size()) {
            const std::exception_ptr& error = at.of->exceptions()[at.done++];
            if (const exception_group* nested = as_group(error)) {
                levels.emplace_back(*nested);
            } else {
                (fits(pred, error) ? at.matching : at.rest).push_back(error);
            }
            continue;
        }
        halves both{group_of(*at.of, std::move(at.matching)), group_of(*at.of, std::move(at.rest))};
        levels.pop_back();
        if (levels.empty()) {
            return both;
        }
        append(levels.back().matching, std::move(both.first));
        append(levels.back().rest, std::move(both.second));
    }
}

}  // namespace rondo
