# SPDX-License-Identifier: MIT
def conversation():
    name = yield "name?"
    print("got:" + name)
    try:
        yield "hello"
    except ValueError as e:
        print(f"caught:{e}")
    yield "last"
    return "result"


g = conversation()
try:
    g.send("too early")
except TypeError:
    pass
print(next(g))
print(g.send("Ada"))
print(g.throw(ValueError("oops")))
try:
    next(g)
    print("more")
except StopIteration as stop:
    print(stop.value)
