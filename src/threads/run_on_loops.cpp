// SPDX-License-Identifier: MIT
#include "sys/affinity.hpp"
#include <rondo/core/run.hpp>
#include <rondo/core/task.hpp>
#include <rondo/threads/run_on_loops.hpp>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace rondo {

namespace detail {

/// The loops that run together, and how they end together.
class loop_team {
public:
    loop_team(std::size_t size, const loops_options& options)
        : options_(options), cores_(cores_for(size, options.pin)), members_(size) {}

    std::size_t size() const noexcept { return members_.size(); }
    event_loop& loop(std::size_t index) const { return *members_.at(index).loop; }

    /// A thread's whole life. Never throws: errors go to the team.
    void run_member(std::size_t index, loop_body body) noexcept;
    /// An error ends the team: the first is kept, and everybody is cancelled.
    void fail(std::exception_ptr error) noexcept;
    /// So many members could not be started: nobody waits for them.
    void give_up_on(std::size_t count) {
        const std::scoped_lock lock(mutex_);
        ready_ += count;
        complete_.notify_all();
    }
    /// The first error, once every thread is gone.
    void rethrow() const {
        if (error_) {
            std::rethrow_exception(error_);
        }
    }

private:
    struct member {
        std::optional<runner> with;
        event_loop* loop = nullptr;  // in `with`, then in `ended`: there until the team goes
        box<event_loop> ended;
        any_task main;  // for the loop's own thread
    };

    static std::vector<int> cores_for(std::size_t size, bool pin) {
        std::vector<int> cores = pin ? sys::usable_cores() : std::vector<int>();
        return cores.size() < size ? std::vector<int>() : cores;
    }
    int core_of_member(std::size_t index) const { return cores_.empty() ? -1 : cores_[index]; }

    void make_loop(member& me);
    void wait_for_the_others();
    bool leaving();
    coro<void> supervise(member& me, loop_place here, loop_body& body);

    const loops_options options_;
    const std::vector<int> cores_;
    std::vector<member> members_;
    std::mutex mutex_;
    std::condition_variable complete_;
    std::size_t ready_ = 0;  // members that have a loop, or will never have one
    std::exception_ptr error_;
};

void loop_team::make_loop(member& me) {
    me.with.emplace(run_options{options_.debug, options_.driver});
    me.loop = &me.with->get_loop();
}

/// Nobody starts before every loop is there.
void loop_team::wait_for_the_others() {
    std::unique_lock lock(mutex_);
    if (++ready_ == size()) {
        complete_.notify_all();
    }
    complete_.wait(lock, [this] { return ready_ == size(); });
}

bool loop_team::leaving() {
    const std::scoped_lock lock(mutex_);
    return error_ != nullptr;
}

void loop_team::run_member(std::size_t index, loop_body body) noexcept {
    const sys::pinned_thread pinned(core_of_member(index));
    member& me = members_[index];
    try {
        make_loop(me);
    } catch (...) {
        fail(std::current_exception());
    }
    wait_for_the_others();
    if (leaving()) {
        return;
    }
    try {
        me.with->run(supervise(me, loop_place(*this, index), body));
    } catch (...) {
        fail(std::current_exception());
    }
    try {
        me.ended = me.with->finish();
        me.ended->close();
    } catch (...) {
        fail(std::current_exception());
    }
}

coro<void> loop_team::supervise(member& me, loop_place here, loop_body& body) {
    struct registration {
        explicit registration(any_task& place) : main(place) { main = current_task(); }
        ~registration() { main = {}; }
        any_task& main;
    };
    const registration known(me.main);
    if (!leaving()) {
        co_await body(here);
    }
}

void loop_team::fail(std::exception_ptr error) noexcept {
    {
        const std::scoped_lock lock(mutex_);
        if (error_) {
            return;  // it comes of the cancellation
        }
        error_ = std::move(error);
        if (ready_ < size()) {
            return;  // and nobody has started yet
        }
    }
    for (member& each : members_) {
        try {
            each.loop->call_soon_threadsafe([&each] {
                if (each.main) {
                    each.main.cancel();
                }
            });
        } catch (const std::exception&) {  // it has closed, so there is nobody to cancel
        }
    }
}

namespace {

/// Starts the other members, and joins them.
class member_threads {
public:
    explicit member_threads(loop_team& team) : team_(team) {}
    member_threads(const member_threads&) = delete;
    member_threads& operator=(const member_threads&) = delete;
    ~member_threads() {
        for (std::thread& each : threads_) {
            each.join();
        }
    }

    void start(std::size_t index, loop_body body) {
        threads_.emplace_back([this, index, body = std::move(body)]() mutable {
            team_.run_member(index, std::move(body));
        });
    }

private:
    loop_team& team_;
    std::vector<std::thread> threads_;
};

}  // namespace

void run_team(std::vector<loop_body> bodies, const loops_options& options) {
    if (bodies.empty()) {
        throw std::invalid_argument("run_on_loops: 0 loops; there must be at least one");
    }
    if (exec.loop != nullptr) {
        throw std::runtime_error(
            "run_on_loops() cannot be called while a loop runs in this thread: call it in main(), "
            "in place of run()");
    }
    loop_team team(bodies.size(), options);
    {
        member_threads others(team);
        std::size_t started = 1;
        try {
            for (; started < bodies.size(); ++started) {
                others.start(started, std::move(bodies[started]));
            }
        } catch (...) {
            team.fail(std::current_exception());
            team.give_up_on(bodies.size() - started);
        }
        team.run_member(0, std::move(bodies[0]));
    }
    team.rethrow();
}

}  // namespace detail

std::size_t loop_place::count() const noexcept { return team_->size(); }

event_loop& loop_place::loop(std::size_t index) const {
    if (index >= count()) {
        throw std::out_of_range("loop_place::loop: there is no loop " + std::to_string(index) +
                                ", only 0 to " + std::to_string(count() - 1));
    }
    return team_->loop(index);
}

}  // namespace rondo
