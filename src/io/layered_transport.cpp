// SPDX-License-Identifier: MIT
#include <rondo/io/transport.hpp>

#include <utility>

namespace rondo {

layered_transport::layered_transport(box<transport> inner) noexcept : inner_(std::move(inner)) {}

layered_transport::~layered_transport() {
    if (gone_ != nullptr) {
        *gone_ = true;
    }
}

void layered_transport::wait(side which, transport_waiter& who) noexcept {
    waiters_[index(which)] = &who;
    const side below = wants_[index(which)];
    inner_->wait(below, below == side::read ? reads_ : writes_);
}

/// Below it goes on waiting: the other side may want to know, and otherwise it does no harm.
void layered_transport::stop_waiting(side which) noexcept { waiters_[index(which)] = nullptr; }

/// The waiter may destroy this transport. It may also wait again, and be told from within: then
/// each call that is under way has to learn of it.
void layered_transport::inner_ready(side which) noexcept {
    bool gone = false;
    bool* const outer_call = std::exchange(gone_, &gone);
    for (const side outer : {side::read, side::write}) {
        if (wants_[index(outer)] != which) {
            continue;
        }
        if (transport_waiter* const waiter = std::exchange(waiters_[index(outer)], nullptr)) {
            waiter->ready();
            if (gone) {
                if (outer_call != nullptr) {
                    *outer_call = true;
                }
                return;
            }
        }
    }
    gone_ = outer_call;
}

void layered_transport::close() noexcept {
    inner_->stop_waiting(side::read);
    inner_->stop_waiting(side::write);
    inner_->close();
}

void layered_transport::abort() noexcept {
    inner_->stop_waiting(side::read);
    inner_->stop_waiting(side::write);
    inner_->abort();
}

}  // namespace rondo
