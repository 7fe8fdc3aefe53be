// SPDX-License-Identifier: MIT
#include "driver/transfer_ring.hpp"

#include <algorithm>
#include <cerrno>

namespace rondo::detail {

transfer_ring::transfer_ring() : ring_(most, most, ring_user::any_threads) {}

std::size_t transfer_ring::carry_out(std::span<sys::socket_transfer> transfers,
                                     fill request) noexcept {
    std::size_t asked = 0;
    for (sys::socket_transfer& t : transfers.first(std::min(transfers.size(), most))) {
        sys::ring_request what;
        request(t, what);
        if (!ring_.ask(what, asked)) {
            break;
        }
        t.result = -EIO;
        ++asked;
    }
    ring_.hand_over();
    const std::size_t taken = asked - ring_.requests();
    ring_.drop_requests();
    collect(transfers.first(taken));
    return taken;
}

void transfer_ring::collect(std::span<sys::socket_transfer> transfers) noexcept {
    for (std::size_t done = 0; done < transfers.size();) {
        sys::ring_completion completion;
        if (ring_.next(completion) && completion.data < transfers.size()) {
            transfers[completion.data].result = completion.result;
            ++done;
        } else if (ring_.wait(nanoseconds(-1)) < 0) {
            return;  // never: what may not wait is done when it is handed over
        }
    }
}

}  // namespace rondo::detail
