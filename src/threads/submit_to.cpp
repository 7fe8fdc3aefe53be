// SPDX-License-Identifier: MIT
#include <rondo/threads/submit_to.hpp>

namespace rondo::detail {

bool submit_awaiter::await_ready() {
    if (cancelled_before_start()) {
        return true;
    }
    hang_bell();
    what_->tell(*this);
    send_to_loop(*to_, what_);
    return false;
}

void submit_awaiter::await_resume() {
    throw_if_cancelled();
    if (request_was_forwarded() && !what_->is_cancelled()) {
        waiting_task().take_back_request();
    }
}

cancel_answer submit_awaiter::cancel() noexcept {
    return what_->request_cancel() ? cancel_answer::forwarded : cancel_answer::deferred;
}

}  // namespace rondo::detail
