# SPDX-License-Identifier: MIT
import asyncio

loop = asyncio.new_event_loop()


def a():
    print("a")
    loop.call_soon(print, "a2")


loop.call_soon(a)
for run in ("first", "second", None):
    loop.stop()
    loop.run_forever()
    if run:
        print(run)
loop.close()
