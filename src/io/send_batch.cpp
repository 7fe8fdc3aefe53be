// SPDX-License-Identifier: MIT
#include "io/send_batch.hpp"

#include "io/stream_core.hpp"
#include "sys/socket.hpp"
#include <rondo/core/event_loop.hpp>

#include <algorithm>
#include <span>

namespace rondo::detail {

void send_batch::add(stream_core& stream, std::span<const std::string_view> pieces,
                     std::size_t size) noexcept {
    const bool has_place = continues(stream) || (count_ < most && !stream.is_batched());
    if (!has_place || size_ + size > bytes_.size()) {
        send();
    }
    if (continues(stream)) {
        entries_[count_ - 1].size += size;
    } else {
        stream.retain();
        entries_[count_++] = {&stream, size};
    }
    char* end = bytes_.data() + size_;
    for (const std::string_view piece : pieces) {
        end = std::copy(piece.begin(), piece.end(), end);
    }
    size_ += size;
    if (!linked()) {
        loop_.put_off(*this);
    }
}

void send_batch::send() noexcept {
    std::array<sys::socket_transfer, most> transfers;
    std::size_t count = 0;
    char* begin = bytes_.data();
    for (const entry e : std::span(entries_).first(count_)) {
        if (e.stream->end_batched()) {
            transfers[count] = {e.stream->fd()->fd(), begin, e.size, 0};
            entries_[count++] = e;
        } else {
            e.stream->send_from_batch({begin, e.size});
            e.stream->release();
        }
        begin += e.size;
    }
    loop_.io().send_each(transfers.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
        const sys::socket_transfer& t = transfers[i];
        entries_[i].stream->sent_from_batch({static_cast<char*>(t.memory), t.size}, t.result);
        entries_[i].stream->release();
    }
    count_ = size_ = 0;
}

}  // namespace rondo::detail
