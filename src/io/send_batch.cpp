// SPDX-License-Identifier: MIT
#include "io/send_batch.hpp"

#include "io/stream_core.hpp"
#include <rondo/core/loop_core.hpp>

#include <algorithm>
#include <span>

namespace rondo::detail {

void send_batch::add(stream_core& stream, std::string_view piece) noexcept {
    if (size_ + piece.size() > bytes_.size() || (count_ == entries_.size() && !continues(stream))) {
        send();
    }
    if (continues(stream)) {
        entries_[count_ - 1].size += piece.size();
    } else {
        stream.retain();
        entries_[count_++] = {&stream, piece.size()};
    }
    std::copy(piece.begin(), piece.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += piece.size();
    if (!linked()) {
        loop_.put_off(*this);
    }
}

void send_batch::send() noexcept {
    const char* begin = bytes_.data();
    for (const entry& e : std::span(entries_).first(count_)) {
        e.stream->send_from_batch({begin, e.size});
        e.stream->release();
        begin += e.size;
    }
    count_ = size_ = 0;
}

}  // namespace rondo::detail
