// SPDX-License-Identifier: MIT
#include <rondo/sync/queue.hpp>

#include <algorithm>

namespace rondo::detail {

void throw_queue_empty() { throw queue_empty(); }
void throw_queue_full() { throw queue_full(); }
void throw_queue_shut_down() { throw queue_shut_down(); }

void queue_ledger::finish_one() {
    if (all_finished()) {
        throw std::invalid_argument("queue::task_done() was called more often than items were put");
    }
    ++finished_;
    wake_joiners();
}

void queue_ledger::finish_dropped(std::size_t n) {
    finished_ += std::min(n, box_->accepted() - finished_);
    wake_joiners();
}

void queue_ledger::wake_joiners() {
    if (all_finished() && joiners_.next() != nullptr) {
        joiners_.dismiss_all(verdict::served);
    }
}

}  // namespace rondo::detail
