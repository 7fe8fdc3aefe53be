// SPDX-License-Identifier: MIT
#include <rondo/sync/detail/mailbox.hpp>

namespace rondo::detail {

void mailbox_core::close() noexcept {
    closed_ = true;
    putters_.dismiss_all(verdict::refused);
    getters_.dismiss_all(verdict::refused);
}

void mailbox_core::give_claim(queued_waiter& getter) noexcept {
    getter.dismiss(verdict::served);
    claimed_.push(getter);
}

void mailbox_core::return_claim(queued_waiter& getter) noexcept {
    claimed_.remove(getter);
    if (queued_waiter* next = getters_.first()) {
        give_claim(*next);
    } else {
        ++size_;
    }
}

}  // namespace rondo::detail
