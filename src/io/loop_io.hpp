// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include "io/receive_batch.hpp"
#include "io/send_batch.hpp"
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/loop_service.hpp>

#include <vector>

namespace rondo::detail {

/// What a loop has of descriptors.
class loop_io final : public loop_service {
public:
    /// Something that goes on by itself in the loop, and ends with it.
    class activity : public list_node {
    public:
        virtual void loop_closes() noexcept = 0;
        /// Ends already now if it is only there for the sake of others.
        virtual void end_early() noexcept {}
        /// It has ended; also while the loop closes, when nobody finds its loop_io any more.
        void leave() noexcept {
            if (linked()) {
                in_->activities_.remove(*this);
            }
        }

    protected:
        ~activity() = default;

    private:
        friend class loop_io;
        loop_io* in_ = nullptr;
    };

    explicit loop_io(event_loop& loop) noexcept;

    static loop_io& of(loop_core& loop) { return use_service<loop_io>(loop); }
    static loop_io* find(loop_core& loop) noexcept { return find_service<loop_io>(loop); }

    void add(activity& a) noexcept {
        a.in_ = this;
        activities_.push_back(a);
    }

    /// Before the loop is looked through for what was left there.
    void end_lingering() noexcept;

    fd_ref borrow(int fd);
    receive_batch& receives() noexcept { return receives_; }
    send_batch& sends() noexcept { return sends_; }

    void close() noexcept override;

private:
    class borrowed;

    receive_batch receives_;
    send_batch sends_;
    intrusive_list<activity> activities_;
    std::vector<borrowed*> borrowed_;  // by descriptor; null where nobody uses one
};

}  // namespace rondo::detail
