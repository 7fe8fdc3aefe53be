// SPDX-License-Identifier: MIT
#include "torture/interrupt.hpp"

#include <csignal>
#include <string_view>

#include <unistd.h>

namespace torture {

namespace {

volatile std::sig_atomic_t noted = 0;

void note(int) noexcept {
    constexpr std::string_view said = "\nends after this run; Ctrl-C once more ends it now\n";
    noted = 1;
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, said.data(), said.size());
}

}  // namespace

void heed_interrupt() noexcept {
    struct sigaction how = {};
    how.sa_handler = note;
    how.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(SIGINT, &how, nullptr);
}

bool interrupted() noexcept { return noted != 0; }

}  // namespace torture
