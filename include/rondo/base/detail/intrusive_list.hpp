// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>

namespace rondo::detail {

/// Base of everything that can stand in one intrusive_list at a time.
///
/// Invariants: both links are null, or both are not; the last node's `next` is the first node.
class list_node {
public:
    list_node() = default;
    list_node(const list_node&) = delete;
    list_node& operator=(const list_node&) = delete;

    bool linked() const noexcept { return next_ != nullptr; }

protected:
    ~list_node() = default;

private:
    template <class T>
    friend class intrusive_list;

    list_node* prev_ = nullptr;
    list_node* next_ = nullptr;
};

/// A circular doubly linked list that owns nothing and is one pointer wide. Linking and unlinking
/// cannot fail. T derives publicly from list_node. Not thread-safe.
template <class T>
class intrusive_list {
public:
    intrusive_list() = default;
    intrusive_list(const intrusive_list&) = delete;
    intrusive_list& operator=(const intrusive_list&) = delete;

    bool empty() const noexcept { return first_ == nullptr; }
    T* front() const noexcept { return static_cast<T*>(first_); }
    T* back() const noexcept { return first_ ? static_cast<T*>(first_->prev_) : nullptr; }

    /// The node after `node`, or null at the end.
    T* after(const T& node) const noexcept {
        list_node* next = static_cast<const list_node&>(node).next_;
        return next == first_ ? nullptr : static_cast<T*>(next);
    }

    void push_back(T& item) noexcept {
        list_node& node = item;
        RONDO_ASSERT(!node.linked(), "a list node stands in one list at a time");
        if (first_ == nullptr) {
            node.prev_ = node.next_ = first_ = &node;
            return;
        }
        node.prev_ = first_->prev_;
        node.next_ = first_;
        first_->prev_->next_ = &node;
        first_->prev_ = &node;
    }

    void push_front(T& item) noexcept {
        push_back(item);
        first_ = &static_cast<list_node&>(item);
    }

    void remove(T& item) noexcept {
        list_node& node = item;
        RONDO_ASSERT(node.linked(), "a list node is removed once");
        if (node.next_ == &node) {
            first_ = nullptr;
        } else {
            node.prev_->next_ = node.next_;
            node.next_->prev_ = node.prev_;
            if (first_ == &node) {
                first_ = node.next_;
            }
        }
        node.prev_ = node.next_ = nullptr;
    }

    T* pop_front() noexcept {
        T* item = front();
        if (item != nullptr) {
            remove(*item);
        }
        return item;
    }

    /// Takes the node out if it is the only one; null otherwise.
    T* pop_only() noexcept {
        list_node* node = first_;
        if (node == nullptr || node->next_ != node) {
            return nullptr;
        }
        node->prev_ = node->next_ = first_ = nullptr;
        return static_cast<T*>(node);
    }

private:
    list_node* first_ = nullptr;
};

}  // namespace rondo::detail
