// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/frame_pool.hpp>

#include <coroutine>
#include <cstddef>

namespace rondo::detail {

/// Destroys coroutines of the running thread's and keeps the memory of their frames.
///
/// Nobody who frees a block looks whether it is to be kept: while there is a keeper every block
/// takes the pool's slow way.
class frame_pool::keeper {
public:
    keeper() noexcept;
    keeper(const keeper&) = delete;
    keeper& operator=(const keeper&) = delete;
    ~keeper();

    /// Gives what to deallocate() the frame with, later.
    std::size_t destroy(std::coroutine_handle<> coroutine) noexcept;

private:
    friend class frame_pool;

    /// Whether somebody keeps that block.
    static bool takes(const void* block, std::size_t size) noexcept;
    static keeper& outermost() noexcept;

    void* block_ = nullptr;
    std::size_t size_ = 0;
    keeper* outer_;
    lists usual_;  // of the pool, before it was made to take the slow way
};

}  // namespace rondo::detail
