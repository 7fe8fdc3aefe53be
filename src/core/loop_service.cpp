// SPDX-License-Identifier: MIT
#include <rondo/core/loop_service.hpp>

namespace rondo {

loop_service::~loop_service() = default;

coro<void> loop_service::shutdown() { co_return; }

}  // namespace rondo
