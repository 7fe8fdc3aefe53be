// SPDX-License-Identifier: MIT
#pragma once

// All of rondo's core, synchronisation, operating system and network parts.

#include <rondo/core/adaptors.hpp>
#include <rondo/core/as_completed.hpp>
#include <rondo/core/async_generator.hpp>
#include <rondo/core/cancel.hpp>
#include <rondo/core/context.hpp>
#include <rondo/core/context_manager.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/debug.hpp>
#include <rondo/core/exception_group.hpp>
#include <rondo/core/exit_stack.hpp>
#include <rondo/core/finally.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/generator.hpp>
#include <rondo/core/loop.hpp>
#include <rondo/core/map_concurrent.hpp>
#include <rondo/core/merge.hpp>
#include <rondo/core/outcome.hpp>
#include <rondo/core/race.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/shield.hpp>
#include <rondo/core/staggered_race.hpp>
#include <rondo/core/suspend.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/task_group.hpp>
#include <rondo/core/time.hpp>
#include <rondo/core/wait.hpp>
#include <rondo/core/wait_for.hpp>
#include <rondo/core/with.hpp>
#include <rondo/net/address.hpp>
#include <rondo/net/server.hpp>
#include <rondo/net/socket.hpp>
#include <rondo/net/stream.hpp>
#include <rondo/os/file.hpp>
#include <rondo/os/threads.hpp>
#include <rondo/sync/barrier.hpp>
#include <rondo/sync/capacity_limiter.hpp>
#include <rondo/sync/channel.hpp>
#include <rondo/sync/condition.hpp>
#include <rondo/sync/event.hpp>
#include <rondo/sync/lock.hpp>
#include <rondo/sync/queue.hpp>
#include <rondo/sync/semaphore.hpp>
