"""What cases in Python share: checks in TAP, and the program that they run."""
import os
import subprocess

PROFFER, MAKE_LOGS = os.environ["PROFFER"], os.environ["MAKE_LOGS"]
results = []


def check(ok, title, detail=""):
    """One check; DETAIL is shown where it fails."""
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {title}", flush=True)
    if not ok:
        print("# " + str(detail)[:6000].replace("\n", "\n# "), flush=True)
    return bool(ok)


def skip(title, why):
    results.append(True)
    print(f"ok {len(results)} - {title} # SKIP {why}", flush=True)


def finish():
    """The plan, last of all; the number of checks that failed."""
    print(f"1..{len(results)}")
    return results.count(False)


def program(*words, cwd=None, **more):
    """Runs proffer: its exit status, and what it said on both streams."""
    done = subprocess.run([PROFFER, *words], capture_output=True, text=True, cwd=cwd, **more)
    return done.returncode, done.stdout + done.stderr
