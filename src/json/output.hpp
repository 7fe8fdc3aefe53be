// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace rondo::detail {

/// A piece of text under construction: it collects on the stack and appends to a string when it is
/// full, so that room is asked for once a value and not once a character.
class output {
public:
    explicit output(std::string& to) noexcept : to_(&to) {}
    ~output() = default;
    output(const output&) = delete;
    output& operator=(const output&) = delete;

    /// At most so much is written between two calls of `room`.
    static constexpr std::size_t most_room = 512;

    void put(char c) {
        room(1);
        *at_++ = c;
    }
    /// Text that needs no escape; of any length.
    void raw(std::string_view text) {
        if (text.size() <= most_room) {
            room(most_room);
            std::memcpy(at_, text.data(), text.size());
            at_ += text.size();
        } else {
            flush();
            to_->append(text);
        }
    }
    /// A string in quotes. Throws json::encode_error if it is no UTF-8.
    void quoted(std::string_view text);
    void integer(std::int64_t value);
    void unsigned_integer(std::uint64_t value);
    /// Finite; the shortest text that reads back, with `.0` for integers.
    void real(double value);
    void real(float value);

    void flush() {
        to_->append(buffer_, static_cast<std::size_t>(at_ - buffer_));
        at_ = buffer_;
    }

private:
    void room(std::size_t size) {
        if (static_cast<std::size_t>(buffer_ + sizeof buffer_ - at_) < size) [[unlikely]] {
            flush();
        }
    }
    void escaped(unsigned char c);
    unsigned char careful(std::string_view text);
    bool few_decimals(double value);
    template <class F>
    void shortest(F value);

    std::string* to_;
    char* at_ = buffer_;
    char buffer_[4096];
};

}  // namespace rondo::detail
