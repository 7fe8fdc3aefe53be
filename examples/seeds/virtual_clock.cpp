// SPDX-License-Identifier: MIT
// Linked into a program, this file makes its time virtual: loops jump to the next deadline instead
// of waiting, and a blocking sleep jumps too. When the program ends, the time that it would have
// taken is written, in nanoseconds, to the file that RONDO_VIRTUAL_TIME_FILE names.
#include <rondo/core/driver.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <time.h>

namespace {

constinit rondo::time_point virtual_now{};

class jumping_driver final : public rondo::driver {
public:
    std::string_view name() const noexcept override { return "virtual clock"; }
    rondo::time_point now() noexcept override { return virtual_now; }
    void wake() noexcept override {}
    void watch(rondo::fd_watch&, rondo::io_events) override {}

    void poll(wait until) override {
        if (until.deadline == rondo::time_point::max()) {
            std::fputs("deadlock: everybody waits, and nothing will ever happen\n", stderr);
            std::abort();
        }
        if (until.deadline > virtual_now) {
            virtual_now = until.deadline;
        }
    }
};

struct clock_installer {
    clock_installer() {
        rondo::set_driver_factory([](rondo::driver_kind) -> rondo::box<rondo::driver> {
            return rondo::make_box<jumping_driver>();
        });
    }

    ~clock_installer() {
        const char* path = std::getenv("RONDO_VIRTUAL_TIME_FILE");
        std::FILE* file = path != nullptr ? std::fopen(path, "w") : nullptr;
        if (file != nullptr) {
            std::fprintf(file, "%lld\n",
                         static_cast<long long>(virtual_now.time_since_epoch().count()));
            std::fclose(file);
        }
    }
};

const clock_installer installer;

void sleep_virtually(const timespec& duration) {
    virtual_now +=
        std::chrono::seconds(duration.tv_sec) + std::chrono::nanoseconds(duration.tv_nsec);
}

}  // namespace

// The two calls that std::this_thread::sleep_for can end up in.
extern "C" int nanosleep(const timespec* duration, timespec*) {
    sleep_virtually(*duration);
    return 0;
}

extern "C" int clock_nanosleep(clockid_t, int, const timespec* duration, timespec*) {
    sleep_virtually(*duration);
    return 0;
}
