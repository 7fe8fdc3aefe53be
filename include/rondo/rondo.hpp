// SPDX-License-Identifier: MIT
#pragma once

// All of rondo's core, synchronisation, operating system and network parts.

#include <rondo/core/cancel.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/time.hpp>
#include <rondo/core/with.hpp>
