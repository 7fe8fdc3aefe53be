// SPDX-License-Identifier: MIT
#include "http/crypto.hpp"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace rondo::http::detail {

std::string random_token(std::size_t bytes) {
    std::string raw(bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(bytes)) != 1) {
        throw std::runtime_error("http: the system gives no random bytes");
    }
    std::string token;
    token.reserve(2 * bytes);
    for (const char c : raw) {
        const auto byte = static_cast<unsigned char>(c);
        token += "0123456789abcdef"[byte >> 4];
        token += "0123456789abcdef"[byte & 15];
    }
    return token;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::string made(32, '\0');
    unsigned size = 0;
    const auto* result = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                              reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              reinterpret_cast<unsigned char*>(made.data()), &size);
    if (result == nullptr || size != made.size()) {
        throw std::runtime_error("http: libcrypto computes no HMAC");
    }
    return made;
}

}  // namespace rondo::http::detail
