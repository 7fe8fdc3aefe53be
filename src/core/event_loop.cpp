// SPDX-License-Identifier: MIT
#include <rondo/core/coro.hpp>
#include <rondo/core/debug.hpp>
#include <rondo/core/detail/async_generator_core.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/task.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace rondo {

using detail::exec;

time_point loop_clock::now() { return detail::running_core("loop_clock::now").engine().now(); }

event_loop& get_running_loop() { return detail::running_core("get_running_loop").face(); }

void detail::throw_no_running_loop(const char* operation) {
    throw std::runtime_error(std::string("no running event loop: ") + operation +
                             " is for coroutines and callbacks that a loop runs");
}

/// The reader and the writer of one file descriptor.
struct event_loop::fd_handlers final : fd_watch {
    /// One direction: a handle that is queued each time the descriptor is ready.
    struct direction final : detail::callback {
        detail::handle_core* handle = nullptr;
        bool queued = false;
        bool outdated = false;  // queued for a handler that was removed or replaced since

        void run() noexcept override {
            queued = false;
            if (!std::exchange(outdated, false) && handle != nullptr) {
                detail::handle_core& call = *handle;
                call.retain();
                call.invoke();
                call.release();
            }
        }
        void drop() noexcept override { queued = false; }
        const std::type_info& target() const noexcept override {
            return handle != nullptr ? handle->target() : typeid(void);
        }
        void replace(detail::handle_core* with) noexcept {
            outdated = queued;
            if (detail::handle_core* old = std::exchange(handle, with)) {
                old->release();
            }
        }
    };

    fd_handlers(event_loop& owner, int fd) : fd_watch(fd, false), loop(owner) {
        loop.reserve();
        loop.reserve();
    }
    ~fd_handlers() {
        reader.replace(nullptr);
        writer.replace(nullptr);
    }

    void on_ready(io_events events, bool) noexcept override {
        queue(reader, has(events, io_events::read));
        queue(writer, has(events, io_events::write));
    }
    void queue(direction& d, bool is_ready) noexcept {
        if (is_ready && d.handle != nullptr && !d.queued) {
            d.queued = true;
            loop.push(d);
        }
    }
    io_events interest() const noexcept {
        return (reader.handle ? io_events::read : io_events::none) |
               (writer.handle ? io_events::write : io_events::none);
    }
    direction& side(io_events kind) noexcept { return kind == io_events::read ? reader : writer; }

    event_loop& loop;
    direction reader;
    direction writer;
};

event_loop::event_loop(driver_kind kind) : event_loop(detail::make_driver(kind)) {}
event_loop::event_loop(box<driver> with) : loop_engine(std::move(with)) {}

event_loop::~event_loop() {
    if (!closed()) {
        close();
    }
}

void event_loop::run_forever() {
    if (closed()) {
        throw std::runtime_error("run_forever: the event loop is closed");
    }
    if (exec.loop != nullptr) {
        throw std::runtime_error(exec.loop == this
                                     ? "run_forever: this event loop is already running"
                                     : "run_forever: another event loop runs in this thread");
    }
    struct run_scope {
        explicit run_scope(event_loop& loop) noexcept : loop_(loop) {
            exec.current = nullptr;  // a coroutine that is driven by hand
            exec.loop = &loop;
            exec.wave = 0;
            std::atomic_ref(loop.running_).store(true, std::memory_order_relaxed);
        }
        ~run_scope() {
            exec.loop = nullptr;
            std::atomic_ref(loop_.running_).store(false, std::memory_order_relaxed);
        }
        const detail::nested_execution outside_;
        event_loop& loop_;
    };
    const run_scope scope(*this);
    run_until_stopped();
}

namespace {

/// Stops the loop at the end of a future or task; by a callback, so that what was ready by then,
/// and what the end itself makes ready, has its turn before.
class stopper final : detail::listener {
public:
    stopper(detail::future_core& main, event_loop& loop)
        : main_(main),
          loop_(core_of(loop)),
          stop_(new detail::handle_core(
              loop_, [&loop] { loop.stop(); }, context())),
          handle_(stop_) {
        loop_.reserve();
        stop_->retain();
        main.add_listener(*this);
    }
    stopper(const stopper&) = delete;
    stopper& operator=(const stopper&) = delete;
    ~stopper() {
        handle_.cancel();  // it may stand in the ring, when something else has stopped the loop
        if (linked()) {
            main_.remove_listener(*this);
            loop_.unreserve();
            stop_->release();
        }
    }

private:
    void notify() noexcept override { loop_.push(*stop_); }

    detail::future_core& main_;
    detail::loop_core& loop_;
    detail::handle_core* stop_;
    handle handle_;
};

}  // namespace

void event_loop::run_until_done(detail::future_core& main) {
    check_usable("run_until_complete");
    if (main.loop() != nullptr && main.loop() != this) {
        throw std::runtime_error("run_until_complete: the task belongs to another event loop");
    }
    if (!main.done()) {
        const stopper stop_behind(main, *this);
        run_forever();
    }
    if (!main.done()) {
        throw std::runtime_error("the event loop was stopped before the main coroutine was done");
    }
}

void event_loop::close() {
    if (running()) {
        throw std::runtime_error("close: the event loop is running; stop() it first");
    }
    if (closed()) {
        return;
    }
    for (const auto& fd : fds_) {
        if (fd != nullptr) {
            driver_->watch(*fd, io_events::none);
        }
    }
    close_core();
    fds_.clear();
}

// ---- callbacks

namespace {

constexpr std::uint32_t two_shares = 2;  // the loop's and that of the handle

/// copy_context(), without the call where no variable is set: the context is there and empty.
inline context captured_context() {
    const detail::context_cell* cell = detail::current_context();
    return cell == nullptr || cell->entries.empty() ? context() : copy_context();
}

}  // namespace

handle event_loop::schedule_soon(unique_function<void()>&& fn) {
    check_usable("call_soon");
    reserve();
    auto* core = new detail::handle_core(*this, std::move(fn), captured_context(), two_shares);
    push(*core);
    return handle(core);
}

handle event_loop::schedule_threadsafe(unique_function<void()>&& fn) {
    auto* core = new detail::handle_core(*this, std::move(fn), captured_context(), two_shares);
    handle result(core);
    if (!post(*core)) {
        throw std::runtime_error("call_soon_threadsafe: the event loop is closed");
    }
    return result;
}

[[gnu::always_inline]] inline timer_handle event_loop::start_timer(time_point when,
                                                                   unique_function<void()>&& fn) {
    reserve();
    auto* core =
        new detail::timer_handle_core(*this, std::move(fn), captured_context(), two_shares, when);
    timer_handle result(core);
    try {
        arm(*core, when);
    } catch (...) {
        unreserve();
        core->drop();
        throw;
    }
    return result;
}

timer_handle event_loop::schedule_later(nanoseconds delay, unique_function<void()>&& fn) {
    check_usable("call_later");
    return start_timer(detail::add_saturating(now(), delay), std::move(fn));
}

timer_handle event_loop::schedule_at(time_point when, unique_function<void()>&& fn) {
    check_usable("call_at");
    return start_timer(when, std::move(fn));
}

// ---- errors

void event_loop::default_exception_handler(const exception_context& context) noexcept {
    detail::warn(context.message, context.exception, context.where);
}

void event_loop::call_exception_handler(const exception_context& context) noexcept {
    if (!exception_handler_) {
        default_exception_handler(context);
        return;
    }
    try {
        exception_handler_(*this, context);
    } catch (const process_exit&) {
        request_exit(std::current_exception());
    } catch (...) {
        default_exception_handler(context);
        detail::warn("unhandled error in exception handler", std::current_exception());
    }
}

// ---- file descriptors

event_loop::fd_handlers* event_loop::find_handlers(int fd) noexcept {
    const auto index = static_cast<std::size_t>(fd);
    return fd >= 0 && index < fds_.size() ? fds_[index].get() : nullptr;
}

/// Without the callbacks for what had their number before and was closed.
void event_loop::drop_lost(fd_handlers& handlers) {
    if (handlers.interest() != io_events::none && driver_->has_lost(handlers)) {
        driver_->watch(handlers, io_events::none);
        handlers.reader.replace(nullptr);
        handlers.writer.replace(nullptr);
    }
}

/// The table grows to a number that the driver has taken, and to no other one.
event_loop::fd_handlers& event_loop::watch_first(int fd, io_events kind) {
    auto made = make_box<fd_handlers>(*this, fd);
    try {
        driver_->watch(*made, kind);
        const auto index = static_cast<std::size_t>(fd);
        fds_.resize(std::max(fds_.size(), index + 1));
        fds_[index] = std::move(made);
        return *fds_[index];
    } catch (...) {
        driver_->watch(*made, io_events::none);
        unreserve();
        unreserve();
        throw;
    }
}

void event_loop::add_watcher(int fd, io_events kind, unique_function<void()> fn) {
    check_usable(kind == io_events::read ? "add_reader" : "add_writer");
    if (fd < 0) {
        throw std::invalid_argument("add_reader/add_writer: " + std::to_string(fd) +
                                    " is no file descriptor");
    }
    auto* const call = new detail::handle_core(*this, std::move(fn), copy_context());
    try {
        fd_handlers* handlers = find_handlers(fd);
        if (handlers != nullptr) {
            drop_lost(*handlers);
            driver_->watch(*handlers, handlers->interest() | kind);
        } else {
            handlers = &watch_first(fd, kind);
        }
        handlers->side(kind).replace(call);
    } catch (...) {
        call->release();
        throw;
    }
}

bool event_loop::remove_watcher(int fd, io_events kind) {
    fd_handlers* handlers = closed() ? nullptr : find_handlers(fd);
    if (handlers == nullptr || handlers->side(kind).handle == nullptr) {
        return false;
    }
    handlers->side(kind).replace(nullptr);
    try {
        driver_->watch(*handlers, handlers->interest());
    } catch (const std::system_error&) {  // the descriptor was closed: nothing is left to watch
        driver_->watch(*handlers, io_events::none);
    }
    return true;
}

// ---- tasks

std::vector<any_task> event_loop::all_tasks() {
    std::vector<any_task> result;
    const auto& list = tasks();
    for (detail::task_core* task = list.front(); task != nullptr; task = list.after(*task)) {
        result.emplace_back(*task);
    }
    std::sort(result.begin(), result.end(),
              [](const any_task& a, const any_task& b) { return a.id() < b.id(); });
    return result;
}

coro<void> event_loop::shutdown_asyncgens() {
    while (detail::async_generator_core* generator = generators_.pop_front()) {
        try {
            co_await generator->close_at_shutdown();
        } catch (...) {
            report("an error occurred while closing an async generator", std::current_exception());
        }
    }
}

}  // namespace rondo
