// SPDX-License-Identifier: MIT
#include "on_kernel.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/evp.h>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// RONDO_TRANSFER_MIB=1024 moves a whole gibibyte; the suite has less time.
std::size_t bytes_to_move() {
    const char* wanted = std::getenv("RONDO_TRANSFER_MIB");
    return (wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 32) * 1024 * 1024;
}

/// SHA-256 of bytes that come in pieces.
class checksum {
public:
    checksum() { check(EVP_DigestInit_ex(state_.get(), EVP_sha256(), nullptr)); }
    void add(std::string_view bytes) {
        check(EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()));
        size_ += bytes.size();
    }
    std::size_t size() const { return size_; }
    /// Once, at the end.
    std::string value() {
        std::array<unsigned char, 32> bytes{};
        check(EVP_DigestFinal_ex(state_.get(), bytes.data(), nullptr));
        std::string text;
        for (const unsigned char byte : bytes) {
            text += "0123456789abcdef"[byte / 16];
            text += "0123456789abcdef"[byte % 16];
        }
        return text;
    }

private:
    static void check(int result) {
        if (result != 1) {
            throw std::runtime_error("OpenSSL cannot sum by SHA-256");
        }
    }

    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state_{EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free};
    std::size_t size_ = 0;
};

TEST(checksum, is_that_of_sha256sum) {
    checksum sum;
    sum.add("a");
    sum.add("bc");
    EXPECT_EQ(sum.value(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

class transfer : public on_kernel {
protected:
    std::size_t below(std::size_t n) { return random_() % n; }

    /// A pause every now and then: some let others run, some take time.
    coro<void> maybe_pause() {
        const std::size_t dice = below(64);
        if (dice == 0) {
            co_await sleep(100us);
        } else if (dice < 8) {
            co_await yield_now();
        }
    }

    coro<void> send(stream& to, checksum& sum) {
        std::string block(1024 * 1024, '\0');
        std::generate(block.begin(), block.end(), [this] { return static_cast<char>(random_()); });
        while (sum.size() < total_) {
            const std::size_t begin = below(block.size());
            const std::size_t most = std::min(block.size() - begin, total_ - sum.size());
            const auto chunk = std::string_view(block).substr(begin, 1 + below(most));
            to.write(chunk);
            sum.add(chunk);
            co_await to.drain();
            co_await maybe_pause();
        }
        to.write_eof();
    }

    /// A read that is cancelled at some time, perhaps too late.
    coro<void> read_and_cancel(stream& from, std::size_t n, checksum& sum) {
        auto reading = create_task(from.read(static_cast<std::ptrdiff_t>(n)));
        for (std::size_t i = below(3); i > 0; --i) {
            co_await yield_now();
        }
        reading.cancel();
        const auto end = co_await as_outcome(reading);
        if (end.has_value()) {
            sum.add(end.value());
        } else {
            ++cancelled_;
        }
    }

    coro<void> receive(stream& from, checksum& sum) {
        std::string memory(200'000, '\0');
        while (!from.at_eof()) {
            const std::size_t n = 1 + below(memory.size());
            switch (below(4)) {
                case 0:
                    co_await read_and_cancel(from, n, sum);
                    break;
                case 1: {
                    const std::size_t got = co_await from.read_into({memory.data(), n});
                    sum.add({memory.data(), got});
                    break;
                }
                case 2: {
                    const std::string all = co_await exactly(from, n);
                    sum.add(all);
                    break;
                }
                default: {
                    const std::string some = co_await from.read(static_cast<std::ptrdiff_t>(n));
                    sum.add(some);
                }
            }
            co_await maybe_pause();
        }
    }

    static coro<std::string> exactly(stream& from, std::size_t n) {
        try {
            co_return co_await from.readexactly(n);
        } catch (const incomplete_read_error& e) {
            co_return e.partial();
        }
    }

    const std::size_t total_ = bytes_to_move();
    int cancelled_ = 0;

private:
    std::mt19937 random_{20'240'607};
};

}  // namespace

TEST_P(transfer, arrives_whole_through_random_chunks_pauses_and_cancelled_reads) {
    run([&]() -> coro<void> {
        auto ends = co_await connected();
        checksum sent;
        checksum received;
        auto sending = create_task(send(ends.far, sent));
        co_await receive(ends.near, received);
        co_await sending;
        EXPECT_EQ(received.size(), total_);
        EXPECT_EQ(received.value(), sent.value());
        EXPECT_GT(cancelled_, 0);
    });
}

TEST_P(transfer, goes_both_ways_at_once) {
    run([&]() -> coro<void> {
        auto ends = co_await connected();
        checksum sent[2];
        checksum received[2];
        co_await gather(send(ends.far, sent[0]), send(ends.near, sent[1]),
                        receive(ends.near, received[0]), receive(ends.far, received[1]));
        EXPECT_EQ(received[0].value(), sent[0].value());
        EXPECT_EQ(received[1].value(), sent[1].value());
        EXPECT_EQ(received[0].size(), total_);
    });
}

ON_EVERY_KERNEL_DRIVER(transfer);
