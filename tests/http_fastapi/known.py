# SPDX-License-Identifier: MIT
"""What differs, and why. An answer that is not as its line says is a difference that nobody knows.

"On purpose" is told to users in docs/explanation/differences.md or docs/reference/json.md.
"""

import json
import re

ON_PURPOSE = "on purpose: "
OLD = "FastAPI 0.92 and pydantic 1: "


class Difference:
    """One request, what was answered here (`mine`) and there (`other`)."""

    def __init__(self, request, ours, theirs, mine, other):
        self.request, self.ours, self.theirs = request, ours, theirs
        self.mine, self.other = mine, other
        self.keys = {key for key in {**mine, **other} if mine.get(key) != other.get(key)}

    def statuses(self, ours, theirs):
        return (self.ours.status, self.theirs.status) == (ours, theirs)

    def types(self):
        """The kinds of our errors."""
        if self.ours.status != 422 or not self.ours.body:
            return set()
        return {error["type"] for error in self.ours.json()["detail"]}

    def about(self, about, *values):
        return self.request.about == about and (not values or self.request.value in values)


def is_head(d):
    if d.request.method != "HEAD" or d.theirs.status != 405:
        return False
    return d.ours.status in (200, 307, 401, 404, 422)


def allows_more(d):
    if d.keys != {"allow"} or d.ours.status != 405:
        return False
    return set(d.other["allow"].split(", ")) < set(d.mine["allow"].split(", "))


def has_encoded_slash(d):
    path = d.request.target.partition("?")[0]
    return "%2F" in path and d.theirs.status in (307, 404) and d.ours.status in (200, 404, 405, 422)


def is_wide_integer(d):
    return "int_parsing_size" in d.types()


def is_number_past_64_bits(d):
    return "json_invalid" in d.types() and re.search(rb"\d{20}|e309", d.request.body) is not None


def is_python_json(d):
    return d.types() == {"json_invalid"} and re.search(rb"NaN|Infinity", d.request.body) is not None


def is_old_comma(d):
    """`[1,]`: Python before 3.13 points behind the comma."""
    return d.types() == {"json_invalid"} and b"Illegal trailing comma" in d.ours.body


def is_old_media_type(d):
    return d.about("media type", "", None) and d.mine.get("locs") == {("body",)}


def is_utf8_header(d):
    return d.about("header", "\xc3\xa9") and json.loads(d.ours.body)["User-Agent"] == "é"


def is_latin_header(d):
    return d.about("header", "\xe9") and json.loads(d.ours.body)["User-Agent"] == "\ufffd"


def is_old_list(d):
    """pydantic 1 makes a dict of pairs."""
    return d.types() == {"model_attributes_type"} and d.request.body.startswith(b"[")


def is_binary_body(d):
    """FastAPI answers 400 or fails, and so do its errors that hold such bytes."""
    return d.about("bytes") and d.ours.status == 422 and d.theirs.status in (400, 500)


TABLE = [
    (ON_PURPOSE + "HEAD is answered wherever GET is", is_head),
    (ON_PURPOSE + "Allow names the methods of all routes of the path", allows_more),
    (ON_PURPOSE + "%2F separates nothing", has_encoded_slash),
    (ON_PURPOSE + "int has 32 bits", is_wide_integer),
    (ON_PURPOSE + "a number past 64 bits is no JSON", is_number_past_64_bits),
    (ON_PURPOSE + "NaN and Infinity are no JSON", is_python_json),
    (ON_PURPOSE + "1_000 is no number",
     lambda d: d.about("integer", "1_000") and "int_parsing" in d.types()
     or d.about("float", "1_0") and "float_parsing" in d.types()),
    (ON_PURPOSE + "true is no number",
     lambda d: d.about("float", True, False) and type(d.request.value) is bool
     and "float_type" in d.types()),
    (ON_PURPOSE + "nan and inf are no numbers",
     lambda d: d.about("float", "nan", "inf") and "finite_number" in d.types()),
    (ON_PURPOSE + "headers are UTF-8, not Latin-1",
     lambda d: is_utf8_header(d) or is_latin_header(d)),
    (ON_PURPOSE + "a request target has no fragment",
     lambda d: "#" in d.request.target and d.ours.status == 400),
    (ON_PURPOSE + "a scheme without credentials is no authentication",
     lambda d: d.about("authorization", "Bearer", "Bearer ") and d.keys == {"body"}),
    (ON_PURPOSE + "spaces after the scheme are no part of the credentials",
     lambda d: d.about("authorization", "Bearer  alice") and d.statuses(200, 401)),
    (ON_PURPOSE + "only & separates the fields of a form",
     lambda d: d.about("form", "username=alice;password=x") and d.statuses(422, 200)),
    (ON_PURPOSE + "a field without = is empty",
     lambda d: d.about("form", "username&password") and d.statuses(400, 422)),
    ("a struct of fields, where FastAPI 0.115 is given single ones: the input of a missing one",
     lambda d: d.request.app == "auth" and d.keys == {"errors"}),
    ("FastAPI before 0.132 reads a body without a media type as JSON", is_old_media_type),
    (ON_PURPOSE + "a form that is none says why",
     lambda d: d.about("form type") and d.statuses(400, 400) and d.keys == {"body"}),
    (ON_PURPOSE + "bytes that are no UTF-8 are a fault of the input", is_binary_body),
    (OLD + "1.0 is no integer",
     lambda d: d.about("integer", "1.0", "1%2e0") and d.statuses(200, 422)),
    (OLD + "digits of any script are",
     lambda d: d.about("integer", "%D9%A3") and "int_parsing" in d.types()),
    (OLD + "an empty field of a form is missing",
     lambda d: d.about("form") and d.request.value.endswith(("=", "=&password=x"))
     and d.theirs.status == 422),
    (OLD + "a list of pairs is a dict", is_old_list),
    (OLD + "Python's JSON points behind the comma", is_old_comma),
]


def reason_for(*difference):
    d = Difference(*difference)
    return next((reason for reason, applies in TABLE if applies(d)), None)


def document_reason(app, key, what, mine, other):
    return None
