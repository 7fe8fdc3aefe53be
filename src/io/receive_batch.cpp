// SPDX-License-Identifier: MIT
#include "io/receive_batch.hpp"

#include "sys/socket.hpp"
#include <rondo/base/detail/assert.hpp>
#include <rondo/core/event_loop.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace rondo::detail {

void receive_batch::add(batched_input& reader) noexcept {
    if (count_ == most) {
        receive();
    }
    readers_[count_++] = &reader;
    if (!linked()) {
        loop_.put_off(*this);
    }
}

void receive_batch::remove(const batched_input& reader) noexcept {
    const auto all = std::span(readers_).first(count_);
    const auto here = std::find(all.begin(), all.end(), &reader);
    RONDO_ASSERT(here != all.end(), "who leaves the batch stands in it");
    std::copy(here + 1, all.end(), here);
    --count_;
}

void receive_batch::receive() noexcept {
    const auto readers = std::span(readers_.data(), std::exchange(count_, 0));
    char* const memory = scratch();
    if (memory == nullptr) {
        for (batched_input* const reader : readers) {
            reader->receive_at_turn();
        }
        return;
    }
    if (readers.size() == 1) {
        batched_input& one = *readers[0];
        const std::span<char> room = one.room_at_edge({memory, read_size::least});
        one.received(room, sys::recv(one.fd(), room.data(), room.size()));
        return;
    }
    std::array<sys::socket_transfer, most> transfers;
    for (std::size_t i = 0; i < readers.size(); ++i) {
        const std::span<char> lent(memory + i * room_of_each, read_size::least);
        const std::span<char> room = readers[i]->room_at_edge(lent);
        transfers[i] = {readers[i]->fd(), room.data(), room.size(), 0};
    }
    loop_.io().recv_each(transfers.data(), readers.size());
    for (std::size_t i = 0; i < readers.size(); ++i) {
        const sys::socket_transfer& t = transfers[i];
        readers[i]->received({static_cast<char*>(t.memory), t.size}, t.result);
    }
}

}  // namespace rondo::detail
