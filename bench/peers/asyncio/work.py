# SPDX-License-Identifier: MIT
"""work.py <asyncio | uvloop> WORK N: the work of bench/works.toml, with one of Python's loops."""
import asyncio
import json
import random
import sys
import threading
import time


async def leaf(i):
    return i


async def spawn_all(n):
    create_task = asyncio.get_running_loop().create_task
    tasks = [create_task(leaf(i)) for i in range(n)]
    for task in tasks:
        await task


async def spawn_one(n):
    create_task = asyncio.get_running_loop().create_task
    for i in range(n):
        await create_task(leaf(i))


async def await_one(n):
    for i in range(n):
        await leaf(i)


async def yields(n):
    for _ in range(n):
        await asyncio.sleep(0)


async def yield_between_two(n):
    await asyncio.gather(yields(n // 2), yields(n // 2))


async def sleepers(n):
    create_task = asyncio.get_running_loop().create_task
    tasks = [create_task(asyncio.sleep(random.random() * n / 1e6)) for _ in range(n)]
    for task in tasks:
        await task


def nothing():
    pass


async def timers(n):
    call_later = asyncio.get_running_loop().call_later
    for i in range(n):
        call_later(10, nothing).cancel()
        if i % 1000 == 0:
            await asyncio.sleep(0)  # Cancelled timers are thrown away by the loop.


async def timeouts(n):
    for i in range(n):
        await asyncio.wait_for(leaf(i), 10)


async def produce(to, n):
    for i in range(n):
        await to.put(i)


async def consume(queue, n):
    for _ in range(n):
        await queue.get()


async def bounded_queue(n):
    items = asyncio.Queue(100)
    await asyncio.gather(produce(items, n), consume(items, n))


async def serve(to, back, n):
    for i in range(n):
        await to.put(i)
        await back.get()


async def give_back(queue, to, n):
    for _ in range(n):
        await to.put(await queue.get())


async def ping_pong(n):
    there, back = asyncio.Queue(1), asyncio.Queue(1)
    await asyncio.gather(serve(there, back, n), give_back(there, back, n))


async def in_threads(n):
    for _ in range(n):
        await asyncio.to_thread(nothing)


def peak_bytes():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024


class Stopwatch:
    """Runs from its construction."""

    def __init__(self):
        self.bytes, self.cpu, self.wall = peak_bytes(), time.process_time_ns(), time.monotonic_ns()

    def per_item(self, n):
        """What one item cost: ns by the clock, ns of CPU, bytes of memory."""
        return {"wall": (time.monotonic_ns() - self.wall) / n,
                "cpu": (time.process_time_ns() - self.cpu) / n,
                "bytes": (peak_bytes() - self.bytes) / n}


async def once(body, n):
    watch = Stopwatch()
    await body(n)
    return watch.per_item(n)


async def again(body, n):
    await body(n)
    rounds = max(1, 100_000 // n)
    watch = Stopwatch()
    for _ in range(rounds):
        await body(n)
    return watch.per_item(n * rounds)


async def timers_among(_, others):
    loop = asyncio.get_running_loop()
    for _ in range(others):
        loop.call_later(20 + 20 * random.random(), nothing)
    return await once(timers, 30_000)


async def beside_the_loop(other):
    """Runs other() in a thread of its own until it has ended."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def run():
        result = other(loop)
        loop.call_soon_threadsafe(done.set_result, result)

    thread = threading.Thread(target=run)
    thread.start()
    result = await done
    thread.join()
    return result


def round_trips(loop, n):
    bell, took, watch = threading.Semaphore(0), [], Stopwatch()
    for _ in range(n):
        began = time.monotonic_ns()
        loop.call_soon_threadsafe(bell.release)
        bell.acquire()
        took.append(time.monotonic_ns() - began)
    return watch.per_item(n) | {"wall": sorted(took)[n // 2]}


async def wake(_, n):
    return await beside_the_loop(lambda loop: round_trips(loop, n))


async def post(_, n):
    def send(loop):
        for _ in range(n):
            loop.call_soon_threadsafe(nothing)

    watch = Stopwatch()
    await beside_the_loop(send)
    return watch.per_item(n)


WORKS = {
    "spawn_all": (once, spawn_all), "spawn_all_warm": (again, spawn_all),
    "spawn_one": (once, spawn_one), "await": (once, await_one), "yield": (once, yield_between_two),
    "sleepers": (once, sleepers), "sleepers_warm": (again, sleepers), "timer": (once, timers),
    "timer_among": (timers_among, None), "timeout": (once, timeouts),
    "queue": (once, bounded_queue), "ping_pong": (once, ping_pong), "wake": (wake, None),
    "post": (post, None), "to_thread": (once, in_threads), "start": (once, yields),
}


def main(loop, work, n):
    if loop == "uvloop":
        import uvloop
        uvloop.install()
    if work not in WORKS:
        sys.exit(2)
    how, body = WORKS[work]
    print(json.dumps(asyncio.run(how(body, int(n)))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
