// SPDX-License-Identifier: MIT
#include "torture/current_run.hpp"

#include <rondo/base/detail/config.hpp>

#include <algorithm>
#include <csignal>
#include <cstddef>

#include <unistd.h>

namespace torture {

namespace {

constexpr unsigned patience_s = 30;

char text[200];
std::size_t size = 0;

void say(std::string_view what) noexcept {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, what.data(), what.size());
}

void tell_crash(int signal) noexcept {
    say({text, size});
    say(" was played\n");
    ::raise(signal);  // SA_RESETHAND: now it kills
}

void tell_delay(int) noexcept {
    say({text, size});
    say(" is still played\n");
    ::alarm(patience_s);
}

void handle(int signal, void (*handler)(int), int flags) noexcept {
    struct sigaction how = {};
    how.sa_handler = handler;
    how.sa_flags = flags;
    ::sigaction(signal, &how, nullptr);
}

bool install() noexcept {
    handle(SIGABRT, tell_crash, static_cast<int>(SA_RESETHAND));
    if (!RONDO_SANITIZED) {  // a sanitizer has more to say
        handle(SIGSEGV, tell_crash, static_cast<int>(SA_RESETHAND));
    }
    handle(SIGALRM, tell_delay, SA_RESTART);
    return true;
}

}  // namespace

void begin_run(std::string_view name) noexcept {
    [[maybe_unused]] static const bool once = install();
    size = std::min(name.size(), sizeof text);
    std::copy_n(name.data(), size, text);
    ::alarm(patience_s);
}

}  // namespace torture
