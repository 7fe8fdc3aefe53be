// SPDX-License-Identifier: MIT
#include "sys/process_id.hpp"

#include <atomic>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

/// All threads store the same value, and it stands for nothing but itself.
using cached_id = std::atomic<pid_t>;

/// In a page that is zero again in the child of a fork; null when the kernel has none
/// (before 4.14).
cached_id* make_cache() noexcept {
    void* const page = ::mmap(nullptr, sizeof(cached_id), PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        return nullptr;
    }
    if (::madvise(page, sizeof(cached_id), MADV_WIPEONFORK) != 0) {
        ::munmap(page, sizeof(cached_id));
        return nullptr;
    }
    return new (page) cached_id(0);
}

}  // namespace

int process_id() noexcept {
    static cached_id* const cache = make_cache();
    if (cache == nullptr) {
        return ::getpid();
    }
    pid_t id = cache->load(std::memory_order_relaxed);
    if (id == 0) {
        id = ::getpid();
        cache->store(id, std::memory_order_relaxed);
    }
    return id;
}

}  // namespace rondo::sys
