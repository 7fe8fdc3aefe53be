// SPDX-License-Identifier: MIT
#include <rondo/threads/detail/thread_mutex.hpp>

#include <mutex>

namespace rondo::detail {

struct thread_mutex::native {
    std::mutex mutex;
};

thread_mutex::thread_mutex() : native_(make_box<native>()) {}
thread_mutex::~thread_mutex() = default;

void thread_mutex::lock() noexcept { native_->mutex.lock(); }
void thread_mutex::unlock() noexcept { native_->mutex.unlock(); }

}  // namespace rondo::detail
