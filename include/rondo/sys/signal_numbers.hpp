// SPDX-License-Identifier: MIT
#pragma once

// The names of signals, SIGTERM and its kin, which whoever waits for some has to say.
#include <csignal>  // IWYU pragma: export
