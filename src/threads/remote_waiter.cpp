// SPDX-License-Identifier: MIT
#include <rondo/core/event_loop.hpp>
#include <rondo/core/handle.hpp>
#include <rondo/threads/detail/remote_waiter.hpp>

namespace rondo::detail {

class wake_up_bell final : public handle_core {
public:
    wake_up_bell(loop_core& loop, waiter& of) : handle_core(loop, {}, {}), of_(&of) {}

    bool ring() noexcept { return loop_->post(*this); }
    void forget() noexcept { of_ = nullptr; }
    void run() noexcept override {
        loop_->unreserve();
        if (of_ != nullptr) {
            of_->wake();
        }
        release();
    }

private:
    waiter* of_;  // for the loop's thread
};

remote_waiter::~remote_waiter() {
    if (bell_ != nullptr) {
        bell_->forget();
        bell_->release();
    }
}

void remote_waiter::hang_bell() {
    bell_ = new wake_up_bell(*running_task(operation()).loop(), *this);
}

void remote_waiter::ring() noexcept {
    bell_->retain();
    bell_->ring();  // false when the loop has closed, and then nobody waits any more
}

}  // namespace rondo::detail
