// SPDX-License-Identifier: MIT
// Items are moved while others wait for them, and nothing may fail there.
// expect: use a type with a noexcept move constructor
#include <rondo/threads/threadsafe_queue.hpp>

#include <memory>

struct item {
    item() = default;
    item(item&&) {}
};

#ifdef RONDO_GOOD
rondo::threadsafe_queue<std::unique_ptr<item>> q;
#else
rondo::threadsafe_queue<item> q;
#endif
