# SPDX-License-Identifier: MIT
"""Asks the applications of examples/api and their twins in FastAPI the same, and compares.

usage: compare.py <folder of the built examples> [--show N] [--server COMMAND]

COMMAND runs serve.py in another place, where FastAPI is newer.

Compared are status, the locations of validation errors, the bodies of other answers, the headers
that clients act on, and the OpenAPI documents. known.py lists what differs, and why; anything else
fails. Ends with 77 where FastAPI is not installed.
"""

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin

from cases import APPS, all_cases
from known import document_reason, reason_for
from wire import HOST, Answer, Connection, Request

HERE = Path(__file__).parent
HEADERS = ["allow", "www-authenticate"]


def start_ours(folder, app):
    program = subprocess.Popen([folder / app, "0"], stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, text=True)
    for line in program.stderr:
        if "serving at" in line:
            return program, int(line.split("http://127.0.0.1:")[1].split()[0])
    raise SystemExit(f"{app} ended before it listened")


def start_theirs(command, apps):
    program = subprocess.Popen([*command, *apps], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    said = program.stdout.readline()
    if not said:
        sys.exit(program.wait())
    return program, json.loads(said)


def receive(connection, request):
    """A connection that was kept may have been closed meanwhile; a fresh one must answer."""
    try:
        return connection.receive(request.method)
    except ConnectionError:
        connection.close()
        connection.send(request)
    try:
        return connection.receive(request.method)
    except ConnectionError:
        connection.close()
        return Answer(0, [], b"")


def ask(connections, request):
    """The same of both, at once."""
    for connection in connections:
        connection.send(request)
    return [receive(connection, request) for connection in connections]


def location(request, answer):
    found = answer.header("location")
    return found and urljoin(f"http://{HOST}{request.target}", found)


def events(body):
    return [sorted(event.split("\n")) for event in body.decode().split("\n\n") if event[:1] != ":"]


def body_of(answer):
    if not answer.body:
        return None
    media_type = (answer.header("content-type") or "").partition(";")[0]
    if media_type == "application/json":
        # Numbers are compared as text: 1 is not 1.0.
        return json.loads(answer.body, parse_float=lambda text: ("float", float(text)))
    return media_type, events(answer.body) if media_type == "text/event-stream" else answer.body


def view(request, answer):
    """What must be the same."""
    seen = {"status": answer.status, "location": location(request, answer)}
    seen.update((name, answer.header(name)) for name in HEADERS)
    if answer.status == 422 and answer.body:
        seen["locs"] = answer.locs()
        seen["errors"] = answer.json()["detail"]
    elif answer.status < 500 and not is_page(request):
        seen["body"] = body_of(answer)
    return seen


def tells_inputs(answer):
    """Only the errors of pydantic 2 are compared word for word."""
    return answer.status != 422 or b'"input":' in answer.body


def is_page(request):
    return request.target.partition("?")[0] in ("/docs", "/openapi.json", "/redoc")


def compare_answers(ports, known, unknown):
    connections = {app: [Connection(port) for port in pair] for app, pair in ports.items()}
    count = 0
    for count, request in enumerate(all_cases(), 1):
        ours, theirs = ask(connections[request.app], request)
        seen = view(request, ours), view(request, theirs)
        if not tells_inputs(theirs):
            for each in seen:
                each.pop("errors", None)
        if seen[0] == seen[1]:
            continue
        reason = reason_for(request, ours, theirs, *seen)
        if reason:
            known[reason] += 1
        else:
            unknown.append(described(request, *seen))
    return count


def described(request, ours, theirs):
    lines = [str(request)]
    for key in {**ours, **theirs}:
        if ours.get(key) != theirs.get(key):
            lines.append(f"    {key}: {ours.get(key)!r}, FastAPI {theirs.get(key)!r}")
    return "\n".join(lines)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parameters = sorted((each["in"], each["name"].lower(), each["required"])
                                for each in operation.get("parameters", []))
            body = operation.get("requestBody")
            yield (method, path), {
                "parameters": parameters,
                "body": body and (body.get("required", False), sorted(body["content"])),
                "answers": sorted(operation["responses"]),
                "tags": operation.get("tags", []),
                "security": operation.get("security", []),
            }


def compare_documents(app, pair, known, unknown):
    request = Request(app, "GET", "/openapi.json")
    ours, theirs = (dict(operations(answer.json()))
                    for answer in ask([Connection(port) for port in pair], request))
    for key in {**ours, **theirs}:
        mine, other = ours.get(key, {}), theirs.get(key, {})
        for what in {**mine, **other}:
            if mine.get(what) != other.get(what):
                reason = document_reason(app, key, what, mine.get(what), other.get(what))
                if reason:
                    known[reason] += 1
                else:
                    unknown.append(f"{app}: openapi: {key} {what}:\n    {mine.get(what)!r}, "
                                   f"FastAPI {other.get(what)!r}")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--server", type=shlex.split, default=[sys.executable, HERE / "serve.py"])
    return parser.parse_args()


def main():
    asked = arguments()
    programs, ports = [], {}
    known, unknown = Counter(), []
    began = time.monotonic()
    try:
        program, (version, theirs) = start_theirs(asked.server, APPS)
        programs.append(program)
        for app in APPS:
            program, port = start_ours(asked.folder, app)
            programs.append(program)
            ports[app] = port, theirs[app]
        count = compare_answers(ports, known, unknown)
        for app, pair in ports.items():
            compare_documents(app, pair, known, unknown)
    finally:
        for program in programs:
            program.kill()
            program.wait()
    for reason, times in known.most_common():
        print(f"{times:5} known: {reason}")
    print("\n".join(unknown[:asked.show]))
    print(f"{count} requests in {time.monotonic() - began:.1f} s against FastAPI "
          f"{version}; {sum(known.values())} known differences, {len(unknown)} unknown")
    return 1 if unknown or count < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
