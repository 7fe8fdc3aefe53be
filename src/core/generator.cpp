// SPDX-License-Identifier: MIT
#include <rondo/core/detail/generator_frame.hpp>
#include <rondo/core/errors.hpp>

#include <stdexcept>
#include <string>

namespace rondo::detail {

void throw_generator_running() { throw std::runtime_error("generator already executing"); }

void throw_sent_to_unstarted(const char* kind) {
    throw std::runtime_error(std::string("can't send a value to a just-started ") + kind +
                             ": call next() first, which takes it to its first co_yield");
}

void throw_nothing_sent() {
    throw std::runtime_error(
        "the generator waits for a value that has no default: resume it with send()");
}

void throw_generator_has_no_result() {
    throw invalid_state_error("generator::result(): the generator has not returned a value");
}

}  // namespace rondo::detail
