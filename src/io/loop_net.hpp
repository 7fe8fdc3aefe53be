// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include <rondo/base/intrusive_list.hpp>
#include <rondo/core/loop.hpp>

#include <vector>

namespace rondo::detail {

/// What a loop has of the network.
class loop_net final : public loop_attachment {
public:
    /// Something that goes on by itself in the loop, and ends with it.
    class process : public list_node {
    public:
        virtual void loop_closes() noexcept = 0;

    protected:
        ~process() = default;
    };

    static loop_net& of(loop_core& loop);
    static loop_net* find(loop_core& loop) noexcept;

    void add(process& p) noexcept { processes_.push_back(p); }
    void remove(process& p) noexcept { processes_.remove(p); }

    fd_ref borrow(int fd);

    void loop_closes() noexcept override;

private:
    class borrowed;

    loop_net() noexcept;
    ~loop_net() = default;

    intrusive_list<process> processes_;
    std::vector<borrowed*> borrowed_;  // by descriptor; null where nobody uses one
};

}  // namespace rondo::detail
