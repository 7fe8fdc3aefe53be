// SPDX-License-Identifier: MIT
#include <rondo/core/event_loop.hpp>
#include <rondo/sync/detail/wait_list.hpp>
#include <rondo/sync/errors.hpp>

#include <stdexcept>
#include <string>

namespace rondo::detail {

cancel_answer queued_waiter::cancel() noexcept {
    leave();
    return cancel_answer::done;
}

bool queued_waiter::cancelled_before_odd_joining(wait_list& list) {
    const task_core& task = running_task(operation());
    const queued_waiter* first = list.first_alive();
    if (first != nullptr && first->waiting_task().loop() != task.loop()) {
        throw std::runtime_error(std::string(operation()) +
                                 ": tasks of another event loop are waiting here; such an object "
                                 "serves one loop at a time");
    }
    return cancelled_before_start();
}

void queued_waiter::throw_end() const {
    throw_if_cancelled();
    if (verdict_ == verdict::closed) {
        throw closed_resource_error(std::string(operation()) +
                                    ": the handle was closed while a task waited here");
    }
    throw std::runtime_error(std::string(operation()) +
                             ": the object was destroyed while a task waited here");
}

void wait_list::dismiss_all(verdict how) noexcept {
    while (queued_waiter* w = waiters_.front()) {
        w->dismiss(how);
    }
}

void wait_list::dismiss_dead() noexcept {
    for (queued_waiter* w = waiters_.front(); w != nullptr;) {
        queued_waiter& current = *w;
        w = after(current);
        if (!current.is_alive()) {
            current.dismiss(verdict::orphaned);
        }
    }
}

queued_waiter* wait_list::first_alive() noexcept {
    while (!waiters_.empty() && !waiters_.front()->is_alive()) {
        remove(*waiters_.front());
    }
    return waiters_.front();
}

queued_waiter* wait_list::next_of_another_loop() {
    queued_waiter* first = first_alive();
    if (first != nullptr) {
        first->waiting_task().loop()->check_usable(first->operation());
    }
    return first;
}

}  // namespace rondo::detail
