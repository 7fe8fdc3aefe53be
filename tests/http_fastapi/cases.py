# SPDX-License-Identifier: MIT
"""The requests: the same in every run."""

import json
import random

from wire import Request

JSON_TYPE = [("Content-Type", "application/json")]
FORM_TYPE = [("Content-Type", "application/x-www-form-urlencoded")]
TOKEN = [("X-Token", "fake-super-secret-token")]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "FOO"]

INTEGERS = """0 1 -1 +1 7 007 -0 1.0 1.5 1. .5 1e3 1_000 _1 1_ 1__0 0x10 1,5 x true null 1x --1 +-1
    999 1000 1001 2147483647 2147483648 -2147483648 -2147483649 9223372036854775807
    9223372036854775808 111111111111111111111111111111111111""".split()
INTEGERS += ["%31", "%2B1", "%201", "1%20", "%09", "%20", "1%00", "%00", "%FF", "%C3%A9", "%D9%A3",
             "%F0%9F%98%80", "1%2F2", "1%2e0", "%zz", "%", ".", "..", "1+1", "1;2", "1%3F", "1%232"]
STRINGS = ["", "a", "ab", "fix", "fixed", "fixedquery", "afixed", "FIXED", "fixed%0A", "%0Afixed",
           "a%20b", "a+b", "a%2Bb", "%C3%A9", "%E6%BC%A2%E5%AD%97", "%F0%9F%98%80", "%FF", "%zz",
           "%", "a%00b", "a%26b", "a%3Db", "a=b", "a;b", "null", "1", "x" * 300,
           "fixed" + "x" * 300]
VALUES = [None, True, False, 0, 1, -1, 2, 100, 0.0, -0.0, 1.0, 1.5, -1.5, 1e-7, 1e16, 1e22, 5e-324,
          1.7976931348623157e308, 2**31, 2**63, 2**64, 10**30, "", "x", "1", "0", "-1", "+1", "1.5",
          ".5", "5.", "1e3", "1_0", " 1 ", "nan", "inf", "0x1", "1,5", "true", "TRUE", "True", "t",
          "y", "yes", "on", "off", "n", "no", "f", "2", "é", "漢字", "😀", "a\u0000b", "\u2028",
          "\"\\/\b\f\n\r\t", "x" * 49, "x" * 50, "x" * 51, "é" * 50, "😀" * 50, "😀" * 51, "x" * 299,
          "x" * 300, "x" * 301, [], [None], [1], ["a"], ["a", "b"], ["a", 1], [[]], [{}], {},
          {"a": 1}, {"name": "x"}]
MEDIA_TYPES = ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
               "application/json;", "application/problem+json", "application/vnd.api+json", "",
               "text/plain", "text/json", "application/xml", "application/jsonx", "json", "*/*",
               "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
               "application/octet-stream", "image/svg+xml", "application/+json"]
BROKEN = [b"", b" ", b"\n", b"null", b"true", b"1", b'"x"', b"[]", b"[{}]", b"{}", b"{", b"}",
          b"nul",
          b"NaN", b"Infinity", b"-", b"01", b"1.", b".5", b"+1", b"1e", b"'a'", b"[1,]",
          b'{"a":1,}',
          b"{a:1}", b'{"a" 1}', b'{"a":}', b'{"a"}', b"[1 2]", b'"\\x"', b'"\\u12"', b'"a\nb"',
          b'"',
          b"/**/1", b"1 1", b"{} {}", b"{}x", b'{"a":1}}', b"[", b"]", b"[[[[", b"tru", b"fals",
          b"\x00", b"{\x00}"]


# What known.py says something about; left out where many things come together.
DISPUTED_INTEGERS = ["1.0", "1_000", "%D9%A3", "1%2e0", "1%2F2", "%FF"]
DISPUTED_VALUES = ["1_0", "nan", "inf"]


def is_calm(value):
    """Whether everybody agrees on what it is."""
    if isinstance(value, bool) or value is None:
        return False
    return not (isinstance(value, int) and abs(value) >= 2**63) and value not in DISPUTED_VALUES


CALM_INTEGERS = [text for text in INTEGERS if text not in DISPUTED_INTEGERS and len(text) < 10]
CALM_VALUES = [value for value in VALUES if is_calm(value)]


def dumps(value):
    return json.dumps(value, ensure_ascii=False).encode()


def with_member(good, name, value):
    return dumps({**good, name: value})


class Model:
    """A body that is right, and its members' types."""

    def __init__(self, good, types):
        self.good, self.types = good, types

    def wrong_ones(self):
        for name, kind in self.types.items():
            for value in VALUES:
                yield with_member(self.good, name, value), kind, value
            yield dumps({k: v for k, v in self.good.items() if k != name}), "missing", name
        yield dumps({**self.good, "extra": 1}), "extra", None
        yield dumps({k.upper(): v for k, v in self.good.items()}), "names", None
        yield dumps(list(self.good.items())), "list", None

    def broken_ones(self):
        text = dumps(self.good)
        for at in range(len(text)):
            yield text[:at], "cut", at
            yield text[:at] + b"?" + text[at:], "inserted", at
            yield text[:at] + text[at + 1:], "left out", at
        for broken in BROKEN:
            yield broken, "broken", broken
        first = next(iter(self.good))
        yield b'{"%s": 1, ' % first.encode() + text[1:], "twice", None

    def any_one(self, rng):
        body = {}
        for name, kind in self.types.items():
            if rng.random() < 0.15:
                continue
            body[name] = self.good[name] if rng.random() < 0.6 else rng.choice(CALM_VALUES)
        return dumps(body)


ITEM = Model({"name": "Plumbus", "price": 3.5, "is_offer": True},
             {"name": "str", "price": "float", "is_offer": "bool"})
BURGER = Model({"name": "Big", "price": 5.5, "tags": ["hot", "new"]},
               {"name": "str", "price": "float", "tags": "list"})
RULED = Model({"name": "Plumbus", "price": 3.5, "description": "A thing"},
              {"name": "str", "price": "float", "description": "str"})


def bodies(app, method, target, model, keeps=False):
    """Where an application keeps what it gets, both must take the same."""
    for body, about, value in model.wrong_ones():
        if keeps and about in model.types.values() and not is_calm(value):
            continue
        yield Request(app, method, target, JSON_TYPE, body, about, value)
    for body, about, value in model.broken_ones():
        yield Request(app, method, target, JSON_TYPE, body, about, value)
    yield Request(app, method, target, [], None, "no body")
    yield Request(app, method, target, JSON_TYPE, None, "no body")
    if keeps:
        return
    for media_type in MEDIA_TYPES:
        headers = [("Content-Type", media_type)]
        yield Request(app, method, target, headers, dumps(model.good), "media type", media_type)
    yield Request(app, method, target, [], dumps(model.good), "media type", None)
    binary = [("Content-Type", "application/octet-stream")]
    yield Request(app, method, target, binary, bytes(range(256)), "bytes")
    yield Request(app, method, target, JSON_TYPE, b'{"name": "\xff"}', "bytes")


def paths(app, known, headers=()):
    """Every method at every path, with and without slashes; and odd spellings."""
    for path in known:
        odd = [path, path + "/", path.rstrip("/") or "/", "/" + path, path + "//", path + "?",
               path + "/?a=b", path + "/x", path.upper(), path.replace("/", "//"), path + "/.",
               "/." + path, path + "%2F", "/%" + format(ord(path[1:2] or "/"), "x") + path[2:]]
        for target in dict.fromkeys(odd):
            for method in METHODS if target == path else ["GET", "HEAD", "POST", "DELETE"]:
                yield Request(app, method, target, list(headers), None, "path")
    yield Request(app, "GET", "/nothing", list(headers), None, "path")


def items_cases(rng):
    yield from paths("items", ["/", "/items/1"])
    for text in INTEGERS:
        yield Request("items", "GET", f"/items/{text}", [], None, "integer", text)
        yield Request("items", "PUT", f"/items/{text}", JSON_TYPE, dumps(ITEM.good), "integer",
                      text)
    queries = [f"q={text}" for text in STRINGS]
    queries += ["", "q", "q&q", "q=a&q=b", "Q=a", "a=b", "q=a&x=1", "&&q=a&&", "=a", "%71=a",
                "q=a#b",
                "q[]=a", "q=a;q=b", "q%20=a", "q=a&q=", "?q=a"]
    for query in queries:
        yield Request("items", "GET", f"/items/5?{query}", [], None, "query", query)
        yield Request("items", "GET", f"/items/x?{query}", [], None, "query", query)
    yield from bodies("items", "PUT", "/items/5", ITEM)
    for cookie in ["", "a=b", "a=b; c", ";;;", "=", "a=\"b", "é=1"]:
        yield Request("items", "GET", "/items/5", [("Cookie", cookie)], None, "cookie")
    for _ in range(150):
        target = f"/items/{rng.choice(CALM_INTEGERS)}?q={rng.choice(STRINGS)}"
        yield Request("items", "PUT", target, JSON_TYPE, ITEM.any_one(rng), "any")


def hello_cases(rng):
    yield from paths("hello_api", ["/burgers/1"])
    for method in METHODS:
        if method != "GET":
            yield Request("hello_api", method, "/burgers", [], None, "path")
    yield from bodies("hello_api", "POST", "/burgers", BURGER, keeps=True)
    for text in INTEGERS:
        yield Request("hello_api", "GET", f"/burgers/{text}", [], None, "integer", text)
    for _ in range(5):
        yield Request("hello_api", "GET", "/burgers")
        yield Request("hello_api", "POST", "/burgers", JSON_TYPE, BURGER.any_one(rng), "any")
        number = rng.randrange(1, 40)
        yield Request("hello_api", "DELETE", f"/burgers/{number}")
        yield Request("hello_api", "GET", f"/burgers/{number}")


def validation_cases(rng):
    app = "validation"
    yield from paths(app, ["/items/", "/items/1", "/models/alexnet"])
    for name in ["alexnet", "resnet", "lenet", "AlexNet", "alexnet%20", "alexne%74", "1", "x",
                 "%C3%A9"]:
        yield Request(app, "GET", f"/models/{name}", [], None, "enum", name)
    for text in INTEGERS:
        yield Request(app, "GET", f"/items/{text}?q=fixedquery", [], None, "integer", text)
        for name in ["limit", "offset"]:
            yield Request(app, "GET", f"/items/?{name}={text}", [], None, "integer", text)
        yield Request(app, "GET", f"/items/?limit=5&limit={text}", [], None, "integer", text)
    for text in ["-1", "0", "1", "2", "99", "100", "101"]:
        yield Request(app, "GET", f"/items/?limit={text}&offset={text}&tags={text}", [], None,
                      "bound")
    for query in ["", "tags=a", "tags=a&tags=b", "tags=", "tags", "limit=", "limit", "tags=a,b",
                  "tags[]=a", "Limit=5", "limit=5&extra=1", "offset=1&limit=x", "tags=%FF"]:
        yield Request(app, "GET", f"/items/?{query}", [], None, "query", query)
    for text in STRINGS:
        yield Request(app, "GET", f"/items/1?q={text}", [], None, "query", text)
        yield Request(app, "GET", f"/items/0?q={text}", [], None, "query", text)
    agents = ["", "a", "curl/8", "a b", "\xe9", "\xc3\xa9", "x" * 1000, "a\tb", "\"", ","]
    for agent in agents:
        headers = [("User-Agent", agent)]
        yield Request(app, "GET", "/items/1?q=fixed", headers, None, "header", agent)
    twice = [("user-agent", "a"), ("USER-AGENT", "b")]
    yield Request(app, "GET", "/items/1?q=fixed", twice, None, "header twice")
    yield from bodies(app, "PUT", "/items/5", RULED)
    for price in ["0", "-0", "0.0", "1e-400", "-1e-400", "4.9e-324", "1e308", "1e309", "-1e309"]:
        body = b'{"name": "x", "price": %s}' % price.encode()
        yield Request(app, "PUT", "/items/5", JSON_TYPE, body, "float", price)
    for _ in range(300):
        target = f"/items/{rng.choice(CALM_INTEGERS)}?q={rng.choice(STRINGS)}"
        yield Request(app, "PUT", target, JSON_TYPE, RULED.any_one(rng), "any")
        yield Request(app, "GET", target, [], None, "any")


def auth_cases(rng):
    yield from paths("auth", ["/token", "/users/me"])
    credentials = ["Bearer alice", "bearer alice", "BEARER alice", "Bearer bob", "Bearer carol",
                   "Bearer",
                   "Bearer ", "Bearer  alice", "Bearer alice ", "alice", "Basic alice", "",
                   "Bearer,alice",
                   "Bearer\talice", "Bearer alice bob", "Bearer \xe9", "Token alice"]
    for text in credentials:
        yield Request("auth", "GET", "/users/me", [("Authorization", text)], None,
                      "authorization", text)
    twice = [("Authorization", "Bearer alice"), ("Authorization", "Bearer carol")]
    yield Request("auth", "GET", "/users/me", twice, None, "header twice")
    forms = ["username=alice&password=x", "username=bob&password=x", "username=carol&password=x",
             "",
             "username=alice", "password=x", "username=&password=x", "username=alice&password=",
             "username=&password=", "username=carol&username=alice&password=x",
             "username=a%6Cice&password=x",
             "username=alice+&password=x", "username=%C3%A9&password=x", "username=%FF&password=x",
             "username&password", "username=alice&password=x&extra=1",
             "user%6eame=alice&password=x",
             "Username=alice&password=x", "username=alice;password=x", "=&=",
             "&&username=alice&&password=x",
             "username=alice=&password==", "username=%zz&password=x"]
    for form in forms:
        yield Request("auth", "POST", "/token", FORM_TYPE, form.encode(), "form", form)
    good = b"username=alice&password=x"
    for media_type in MEDIA_TYPES:
        headers = [("Content-Type", media_type)]
        yield Request("auth", "POST", "/token", headers, good, "form type", media_type)
    charset = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    yield Request("auth", "POST", "/token", charset, good, "form type", "charset")
    parts = [("Content-Type", "multipart/form-data; boundary=xyz")]
    yield Request("auth", "POST", "/token", parts, multipart({"username": "alice",
                                                              "password": "x"}),
                  "multipart")
    yield Request("auth", "POST", "/token", parts, multipart({"username": "alice"}), "multipart")
    yield Request("auth", "POST", "/token", [], good, "form type", None)


def multipart(fields):
    body = "".join(f'--xyz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                   for name, value in fields.items())
    return body.encode() + b"--xyz--\r\n"


def routers_cases(rng):
    yield from paths("routers", ["/items/", "/items/hat"], TOKEN)
    yield from paths("routers", ["/items/"])
    for token in ["", "x", "fake-super-secret-token", "FAKE-SUPER-SECRET-TOKEN",
                  "fake-super-secret-token ",
                  "\xe9"]:
        for target in ["/items/", "/items/hat", "/items/yolo"]:
            yield Request("routers", "GET", target, [("x-token", token)], None, "header", token)
    twice = [("X-Token", "x"), ("x-token", "fake-super-secret-token")]
    yield Request("routers", "GET", "/items/", twice, None, "header twice")
    yield Request("routers", "GET", "/items/", twice[::-1], None, "header twice")
    yield Request("routers", "GET", "/items/", [("x_token", "fake-super-secret-token")], None,
                  "header")
    names = ["yolo", "YOLO", "yol%6f", "a%2Fb", "%2F", "a+b", "a%20b", "%C3%A9", "%F0%9F%98%80",
             "%FF",
             "%00", "%zz", ".", "..", "%2e%2e", ":", "a:b", "{name}", "%7Bname%7D", "~", "a;b",
             "x" * 2000]
    for name in names:
        yield Request("routers", "GET", f"/items/{name}", TOKEN, None, "name", name)


def streaming_cases(rng):
    yield from paths("streaming", ["/items/stream", "/page", "/old"])
    yield Request("streaming", "GET", "/items/events", [], None, "events")
    for text in ["a@b.example", "a%40b", "%C3%A9@x", "x" * 500]:
        yield Request("streaming", "POST", f"/send/{text}", [], None, "name", text)
        yield Request("streaming", "POST", f"/send/{text}", JSON_TYPE, b"{", "name", text)


def testing_cases(rng):
    yield from paths("testing", ["/items/foo", "/items/baz"])


APPS = {"items": items_cases, "hello_api": hello_cases, "validation": validation_cases,
        "auth": auth_cases, "routers": routers_cases, "streaming": streaming_cases,
        "testing": testing_cases}


def all_cases():
    rng = random.Random(20)
    for make in APPS.values():
        yield from make(rng)
