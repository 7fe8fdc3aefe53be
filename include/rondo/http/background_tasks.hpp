// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/http/detail/signature.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace rondo::http {

/// Work for after the answer: FastAPI's BackgroundTasks.
///
///     app.post("/send/{email}", [](std::string email, http::background_tasks& tasks) {
///         tasks.add_task(write_log, "to " + email);
///         return status{"Message sent"};
///     });
///
/// The tasks run one after the other, in order, once the answer was sent; what one throws is logged
/// and ends the row. Shutdown waits for them. Threads: the loop's.
class background_tasks {
public:
    /// `function(arguments…)` is a coroutine, or plain. The arguments are kept until then.
    template <class F, class... A>
    void add_task(F function, A... arguments) {
        if constexpr (detail::is_coro<std::invoke_result_t<F&, A...>>) {
            tasks_.push_back(run(std::move(function), std::move(arguments)...));
        } else {
            tasks_.push_back(call(std::move(function), std::move(arguments)...));
        }
    }
    bool empty() const noexcept { return tasks_.empty(); }

    /// For rondo's own parts: runs them all.
    [[nodiscard]] coro<void> run_all();
    /// They are dropped, not run.
    ~background_tasks();

    background_tasks() = default;
    background_tasks(const background_tasks&) = delete;
    background_tasks& operator=(const background_tasks&) = delete;

private:
    template <class F, class... A>
    static coro<void> run(F function, A... arguments) {
        auto pending = function(std::move(arguments)...);
        static_cast<void>(co_await std::move(pending));
    }
    template <class F, class... A>
    static coro<void> call(F function, A... arguments) {
        static_cast<void>(function(std::move(arguments)...));
        co_return;
    }

    std::vector<coro<void>> tasks_;
};

}  // namespace rondo::http
