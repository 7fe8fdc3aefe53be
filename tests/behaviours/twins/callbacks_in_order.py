# SPDX-License-Identifier: MIT
import asyncio


async def main():
    f = asyncio.get_running_loop().create_future()
    for name in "abc":
        f.add_done_callback(lambda done, name=name: print(f"{name}{done.result()}"))
    f.set_result(7)
    await asyncio.sleep(0)


asyncio.run(main())
