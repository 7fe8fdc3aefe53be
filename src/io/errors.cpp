// SPDX-License-Identifier: MIT
#include <rondo/io/errors.hpp>

namespace rondo {

namespace {

std::string describe_partial(std::size_t got, std::optional<std::size_t> expected) {
    return std::to_string(got) + " bytes read on a total of " +
           (expected ? std::to_string(*expected) : std::string("undefined")) + " expected bytes";
}

}  // namespace

incomplete_read_error::incomplete_read_error(std::string partial,
                                             std::optional<std::size_t> expected)
    : std::runtime_error(describe_partial(partial.size(), expected)),
      partial_(std::move(partial)),
      expected_(expected) {}

}  // namespace rondo
