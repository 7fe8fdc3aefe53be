// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>

namespace rondo::detail {

/// std::mutex, without <mutex>, which is as long as the rest of a header that everybody includes.
class thread_mutex {
public:
    thread_mutex();
    thread_mutex(const thread_mutex&) = delete;
    thread_mutex& operator=(const thread_mutex&) = delete;
    ~thread_mutex();

    void lock() noexcept;
    void unlock() noexcept;

private:
    struct native;
    box<native> native_;
};

class thread_lock {
public:
    explicit thread_lock(thread_mutex& mutex) noexcept : mutex_(mutex) { mutex_.lock(); }
    thread_lock(const thread_lock&) = delete;
    thread_lock& operator=(const thread_lock&) = delete;
    ~thread_lock() { mutex_.unlock(); }

private:
    thread_mutex& mutex_;
};

}  // namespace rondo::detail
