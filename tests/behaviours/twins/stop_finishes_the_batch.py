# SPDX-License-Identifier: MIT
import asyncio

loop = asyncio.new_event_loop()


def a():
    print("a")
    loop.stop()
    loop.call_soon(print, "late")


loop.call_soon(a)
loop.call_soon(print, "b")
loop.run_forever()
print("stopped")
loop.call_soon(loop.stop)
loop.run_forever()
loop.close()
