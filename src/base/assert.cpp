// SPDX-License-Identifier: MIT
#include <rondo/base/detail/assert.hpp>

#include <cstdio>
#include <cstdlib>

namespace rondo::detail {

void assertion_failed(const char* condition, const char* sentence, const char* file,
                      int line) noexcept {
    std::fprintf(stderr, "rondo: %s:%d: %s (violated: %s)\n", file, line, sentence, condition);
    std::abort();
}

}  // namespace rondo::detail
