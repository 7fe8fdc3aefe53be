// SPDX-License-Identifier: MIT
#include "sys/affinity.hpp"

#include <new>

#include <sched.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

bool use_cores(const std::vector<int>& cores) noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores) {
        CPU_SET(static_cast<unsigned>(core), &set);
    }
    return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

}  // namespace

std::vector<int> usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> cores;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) {
        return cores;
    }
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(static_cast<unsigned>(core), &set)) {
            cores.push_back(core);
        }
    }
    return cores;
}

int online_cores() noexcept {
    const long count = ::sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : static_cast<int>(count);
}

pinned_thread::pinned_thread(int core) noexcept {
    if (core < 0) {
        return;
    }
    try {
        before_ = usable_cores();
        if (!use_cores({core})) {
            before_.clear();
        }
    } catch (const std::bad_alloc&) {
        before_.clear();
    }
}

pinned_thread::~pinned_thread() {
    if (!before_.empty()) {
        use_cores(before_);
    }
}

}  // namespace rondo::sys
