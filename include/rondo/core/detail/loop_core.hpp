// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/ready_ring.hpp>

#include <cstdint>
#include <exception>
#include <string_view>

namespace rondo {

class driver;
class event_loop;
class loop_service;
struct exception_context;

namespace detail {

class async_generator_core;
class deferred;
class handle_core;
class loop_engine;
class task_core;
class timer_heap;

/// What tasks and their awaits see of their loop. It holds what they touch at every step, the ready
/// ring and the list of tasks; the rest of its data is in loop_engine, which is the only class
/// derived from it, so that this header stays light enough for every coroutine to include.
///
/// Every member is for the loop's own thread, except where it says otherwise.
class loop_core {
public:
    loop_core(const loop_core&) = delete;
    loop_core& operator=(const loop_core&) = delete;

    event_loop& face() noexcept;
    inline loop_engine& engine() noexcept;
    /// Tells this loop from every other one of the process, before and after it.
    std::uint64_t serial() const noexcept { return serial_; }

    // ---- ready
    void reserve() { ring_.reserve(); }
    bool try_reserve() noexcept { return ring_.try_reserve(); }
    void unreserve() noexcept { ring_.unreserve(); }
    /// Whether anything besides what runs is to be done before the loop looks for news.
    inline bool is_busy() noexcept;
    void push(task_core& task) noexcept { ring_.push(ready_item(task)); }
    /// The callback has reserved its place.
    void push(callback& call) noexcept { ring_.push(ready_item(call)); }

    // ---- tasks
    /// Puts a task into the list. A task that is ready or runs need not stand there.
    inline void add(task_core& task) noexcept;
    /// The task is done.
    inline void forget(task_core& task) noexcept;
    /// The tasks that are not done, in no particular order; those in the ring are put into the list
    /// first.
    const intrusive_list<task_core>& tasks() noexcept;
    std::uint64_t next_task_id() noexcept { return ++task_ids_; }
    /// A number, not 0, that no await of the loop's tasks was asked with.
    std::uint16_t next_wave() noexcept;
    /// Whether tasks are made as they were asked for, without a factory or notes for debugging.
    bool makes_plain_tasks() const noexcept { return makes_plain_tasks_; }

    // ---- time, for who includes the engine
    inline timer_heap& timers() noexcept;

    // ---- other threads
    /// Any thread. Takes over one reference. False, with the reference dropped, once the loop has
    /// closed.
    bool post(handle_core& call) noexcept;
    void thread_work_begins() noexcept { ++thread_work_; }
    void thread_work_ends() noexcept { --thread_work_; }

    // ---- errors
    /// An error that must end the loop; run_forever rethrows it after the current step.
    void request_exit(std::exception_ptr error) noexcept;
    /// Without memory for what the handler is given, writes it to stderr.
    void report(std::string_view message, const std::exception_ptr& error = nullptr,
                std::string_view where = {}) noexcept;

    // ---- services
    /// Takes over what use_service() has made.
    void attach(loop_service& made, const void* key) noexcept;
    /// The one with that key; null when there is none.
    loop_service* service(const void* key) noexcept;
    /// The youngest that was not shut down yet, which counts as shut down from now on; null when
    /// there is none.
    loop_service* next_to_shut_down() noexcept;
    /// Runs it once, before or after the next look at the driver, whichever comes first, or when
    /// the loop stops. Not linked yet.
    void put_off(deferred& work) noexcept;

    // ---- async generators that were started and not finished
    void track(async_generator_core& generator) noexcept;
    void untrack(async_generator_core& generator) noexcept;

    inline driver& io() noexcept;
    bool debug() const noexcept { return debug_; }
    bool closed() const noexcept;
    bool running() const noexcept;
    /// Throws runtime_error when the loop is closed, or runs in another thread than this one.
    void check_usable(const char* operation) const;
    /// Throws runtime_error when the loop runs in another thread than this one.
    void check_thread(const char* operation) const;

protected:
    explicit loop_core(std::uint64_t serial) noexcept : serial_(serial) {}
    ~loop_core() = default;

    ready_ring ring_;
    intrusive_list<task_core> tasks_;
    std::uint64_t task_ids_ = 0;
    const std::uint64_t serial_;
    int thread_work_ = 0;
    std::uint16_t waves_ = 0;
    bool makes_plain_tasks_ = false;
    bool debug_ = false;

    // Shared with other threads, and therefore accessed through std::atomic_ref only.
    mutable bool running_ = false;
    mutable bool closed_ = false;
};

}  // namespace detail
}  // namespace rondo
