// SPDX-License-Identifier: MIT
#include "sys/doorkeeper.hpp"
#include <rondo/testing/fault_plan.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace rondo::testing {

namespace {

struct fault {
    std::optional<call> what;  // none: any
    int first;
    int last;
    int error;
};

struct failure {
    call what;
    int nth;
    int error;
};

/// In the loop's thread read() and write() are about pipes, and a driver that tells of edges is
/// right to take less than everything for the end of what there is.
bool may_be_short(call what, bool in_loop) noexcept {
    return what == call::pread || what == call::pwrite ||
           (!in_loop && (what == call::read || what == call::write));
}

}  // namespace

/// What is to fail, and what did; guarded, since files call the kernel in threads.
class fault_plan::record {
public:
    void add(const fault& f) {
        if (f.first < 1 || f.last < f.first || f.error < 1) {
            throw std::invalid_argument(
                "fault_plan: calls are counted from 1, fail at least once, and with an errno such "
                "as ECONNRESET; this was call " +
                std::to_string(f.first) + " to " + std::to_string(f.last) + ", errno " +
                std::to_string(f.error));
        }
        const std::scoped_lock lock(mutex);
        faults.push_back(f);
    }

    int meet(call what, std::size_t& bytes, bool in_loop) {
        const std::scoped_lock lock(mutex);
        history.push_back(what);
        const int of_kind = ++counts[static_cast<std::size_t>(what)];
        const int of_any = static_cast<int>(history.size());
        for (const fault& f : faults) {
            const int nth = f.what ? of_kind : of_any;
            if (f.what.value_or(what) == what && nth >= f.first && nth <= f.last) {
                failures.push_back({what, of_kind, f.error});
                return -f.error;
            }
        }
        if (most_bytes > 0 && may_be_short(what, in_loop)) {
            bytes = std::min(bytes, most_bytes);
        }
        return 0;
    }

    mutable std::mutex mutex;
    std::vector<fault> faults;
    std::vector<call> history;
    std::vector<failure> failures;
    std::array<int, sys::call_count> counts{};
    std::size_t most_bytes = 0;
};

fault_plan::fault_plan() : record_(make_box<record>()) {}
fault_plan::~fault_plan() = default;

void fault_plan::fail(call what, int nth, int error, int times) {
    record_->add({what, nth, nth + times - 1, error});
}

void fault_plan::fail_any(int nth, int error, int times) {
    record_->add({std::nullopt, nth, nth + times - 1, error});
}

void fault_plan::shorten(std::size_t most) noexcept {
    const std::scoped_lock lock(record_->mutex);
    record_->most_bytes = most;
}

int fault_plan::calls(call what) const noexcept {
    const std::scoped_lock lock(record_->mutex);
    return record_->counts[static_cast<std::size_t>(what)];
}

std::vector<call> fault_plan::history() const {
    const std::scoped_lock lock(record_->mutex);
    return record_->history;
}

int fault_plan::failed() const noexcept {
    const std::scoped_lock lock(record_->mutex);
    return static_cast<int>(record_->failures.size());
}

std::string fault_plan::describe() const {
    const std::scoped_lock lock(record_->mutex);
    std::string text;
    for (const failure& f : record_->failures) {
        text += std::string(text.empty() ? "" : "\n") + sys::name_of(f.what) + " " +
                std::to_string(f.nth) + ": " + std::generic_category().message(f.error);
    }
    return text;
}

namespace {

/// Another address in each thread.
const void* this_thread() noexcept {
    thread_local const char mark = 0;
    return &mark;
}

}  // namespace

class fault_plan::guard::interceptor final : private sys::doorkeeper {
public:
    explicit interceptor(record* met) noexcept : record_(met), thread_(this_thread()) {}

private:
    int before(call what, std::size_t& bytes) noexcept override {
        try {
            return record_ != nullptr ? record_->meet(what, bytes, thread_ == this_thread()) : 0;
        } catch (const std::bad_alloc&) {
            return 0;  // there was no memory to note the call, which is none of its own concern
        }
    }
    bool goes_along() const noexcept override { return record_ != nullptr; }

    record* record_;
    const void* thread_;
};

fault_plan::guard::guard(fault_plan* plan)
    : interceptor_(make_box<interceptor>(plan != nullptr ? plan->record_.get() : nullptr)) {}
fault_plan::guard::~guard() = default;

}  // namespace rondo::testing
