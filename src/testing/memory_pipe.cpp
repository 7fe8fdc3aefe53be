// SPDX-License-Identifier: MIT
#include <rondo/io/transport.hpp>
#include <rondo/testing/memory_pipe.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

namespace rondo::testing {

namespace {

/// Bytes that go one way. Both ends keep it.
struct direction {
    explicit direction(std::size_t capacity) : room(capacity) {}

    static void tell(transport_waiter*& waiter) noexcept {
        if (transport_waiter* const told = std::exchange(waiter, nullptr)) {
            told->ready();
        }
    }

    std::string bytes;
    std::size_t room;
    bool ended = false;   // nothing more is written
    bool unread = false;  // nobody reads any more
    transport_waiter* reader = nullptr;
    transport_waiter* writer = nullptr;
};

class memory_end final : public transport {
public:
    memory_end(std::shared_ptr<direction> in, std::shared_ptr<direction> out) noexcept
        : in_(std::move(in)), out_(std::move(out)) {}
    ~memory_end() override { memory_end::close(); }

    std::optional<std::size_t> try_read(std::span<char> to) override {
        if (in_->bytes.empty() && !in_->ended) {
            return std::nullopt;
        }
        const std::size_t size = in_->bytes.copy(to.data(), to.size());
        in_->bytes.erase(0, size);
        in_->room += size;
        if (size > 0) {
            direction::tell(in_->writer);
        }
        return size;
    }
    std::optional<std::size_t> try_write(std::span<const std::string_view> pieces) override {
        if (out_->unread || out_->ended) {
            throw std::system_error(EPIPE, std::generic_category(), "memory_pipe: write");
        }
        if (out_->room == 0) {
            return std::nullopt;
        }
        const std::size_t before = out_->bytes.size();
        for (const std::string_view piece : pieces) {
            const std::string_view part = piece.substr(0, out_->room);
            out_->bytes += part;
            out_->room -= part.size();
        }
        const std::size_t size = out_->bytes.size() - before;
        direction::tell(out_->reader);
        return size;
    }
    bool try_write_eof() override {
        out_->ended = true;
        direction::tell(out_->reader);
        return true;
    }
    void wait(side which, transport_waiter& who) noexcept override { waiter(which) = &who; }
    void stop_waiting(side which) noexcept override { waiter(which) = nullptr; }
    void close() noexcept override {
        in_->reader = out_->writer = nullptr;
        memory_end::try_write_eof();
        in_->unread = true;
        direction::tell(in_->writer);
    }
    void abort() noexcept override { close(); }

private:
    transport_waiter*& waiter(side which) noexcept {
        return which == side::read ? in_->reader : out_->writer;
    }

    std::shared_ptr<direction> in_;
    std::shared_ptr<direction> out_;
};

}  // namespace

std::pair<stream, stream> memory_pipe(std::size_t capacity) {
    if (capacity == 0) {
        throw std::invalid_argument("memory_pipe: the capacity is at least one byte");
    }
    auto there = std::make_shared<direction>(capacity);
    auto back = std::make_shared<direction>(capacity);
    stream near(make_box<memory_end>(back, there));
    stream far(make_box<memory_end>(there, back));
    return {std::move(near), std::move(far)};
}

}  // namespace rondo::testing
