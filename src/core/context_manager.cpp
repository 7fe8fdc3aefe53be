// SPDX-License-Identifier: MIT
#include <rondo/core/context_manager.hpp>

#include <stdexcept>

namespace rondo::detail {

void throw_manager_reused() { throw std::runtime_error("context_manager: entered a second time"); }

void throw_manager_not_entered() {
    throw std::runtime_error("context_manager: left without having been entered");
}

void throw_manager_did_not_yield() {
    throw std::runtime_error("context_manager: the coroutine ended without a co_yield");
}

void throw_manager_yielded_again() {
    throw std::runtime_error("context_manager: the coroutine yielded a second time");
}

}  // namespace rondo::detail
