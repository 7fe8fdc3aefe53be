// SPDX-License-Identifier: MIT
#pragma once

#include "sys/socket.hpp"
#include <rondo/core/coro.hpp>
#include <rondo/core/loop_service.hpp>
#include <rondo/core/task.hpp>
#include <rondo/threads/executor.hpp>

#include <string>
#include <vector>

namespace rondo::detail {

/// The name lookups of one loop: in a few threads of their own, which nobody waits for at the end,
/// and only one at a time for each name.
class name_lookup final : public loop_service {
public:
    static constexpr int most_threads = 8;

    /// What the C library says about one name.
    struct answer {
        int code = 0;
        std::vector<sys::socket_address> found;
    };
    using library_call = int (*)(const char* host, std::vector<sys::socket_address>& found);

    static name_lookup& of(loop_core& loop) { return use_service<name_lookup>(loop); }

    /// Waits for the lookup of that name that is under way, or begins one.
    coro<answer> ask(std::string host);
    executor& threads() noexcept { return threads_; }

    void close() noexcept override;

    /// What is called instead of the C library from now on, for tests. Null restores it.
    static void replace_library(library_call by) noexcept;

private:
    struct flight {
        std::string host;
        task<answer> lookup;
    };

    task<answer> flight_to(const std::string& host);
    coro<answer> look_up(std::string host);
    void landed(const std::string& host) noexcept;

    thread_pool_executor threads_{most_threads};
    std::vector<flight> flights_;
};

}  // namespace rondo::detail
