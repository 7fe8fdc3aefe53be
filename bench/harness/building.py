# SPDX-License-Identifier: MIT
"""Builds the programs that are asked for, and says what cannot be had."""
import pathlib
import shutil
import subprocess

from .catalogue import BENCH, ROOT

PIN = "bench_pin"


def say(text):
    print(text, flush=True)


def run(command, folder=ROOT):
    say("+ " + " ".join(command).replace(f"{ROOT}/", ""))
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    told = (result.stdout + result.stderr).strip()
    print("\n".join(told.splitlines()[-20:]))
    return told or f"ended with {result.returncode}"


def build_with_cmake(preset, targets):
    """What could not be built: {target: why}."""
    failed = run(["cmake", "--preset", preset, "-Wno-dev"])
    if failed:
        return dict.fromkeys(targets, failed)
    build = ["cmake", "--build", "--preset", preset, "--target"]
    if run([*build, *targets]) is None:
        return {}
    return {t: why for t in targets if (why := run([*build, t]))}


def last_line(text):
    return text.splitlines()[-1] if text else ""


def cmake_faults(peers, preset, clang):
    chosen = {p.name: p.target for p in peers if p.target and p.clang == clang}
    if not chosen:
        return {}
    if clang and not shutil.which("clang++-19"):
        return dict.fromkeys(chosen, "there is no clang++-19")
    failed = build_with_cmake(preset, sorted({*chosen.values(), PIN}))
    return {name: last_line(failed[target]) for name, target in chosen.items() if target in failed}


def build(peers):
    """Builds for these peers. Gives those that cannot take part: {name: why}."""
    missing = cmake_faults(peers, "bench-peers", False) | cmake_faults(peers, "clang-bench", True)
    for peer in peers:
        if peer.builds:
            if not shutil.which(peer.builds[0]):
                missing[peer.name] = f"there is no {peer.builds[0]}"
            elif failed := run(peer.builds, BENCH / "peers" / peer.folder):
                missing[peer.name] = last_line(failed)
        elif not peer.target and (peer.name not in missing) and (why := cannot_run(peer)):
            missing[peer.name] = why
    return missing


def cannot_run(peer):
    """An interpreter's program needs no building, but its interpreter and its library."""
    if not shutil.which(peer.command[0]):
        return f"there is no {pathlib.Path(peer.command[0]).name}"
    try:
        return last_line(run([*peer.hello]) or "")
    except OSError as error:
        return str(error)
