// SPDX-License-Identifier: MIT
#pragma once

#include <semaphore.h>

namespace rondo::sys {

/// Lets threads sleep until they are called. A post and a wait are a system call each, and only
/// where somebody sleeps; those of a condition variable are three.
class thread_semaphore {
public:
    thread_semaphore() noexcept { ::sem_init(&native_, 0, 0); }
    thread_semaphore(const thread_semaphore&) = delete;
    thread_semaphore& operator=(const thread_semaphore&) = delete;
    ~thread_semaphore() { ::sem_destroy(&native_); }

    void post() noexcept { ::sem_post(&native_); }
    void wait() noexcept {
        while (::sem_wait(&native_) != 0) {  // a signal came
        }
    }

private:
    sem_t native_;
};

}  // namespace rondo::sys
