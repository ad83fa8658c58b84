#!/usr/bin/env python3
"""What TAB offers in bash, zsh and fish themselves, for the same lines: commands, options, listed
values, files. A shell that is not installed is skipped. Prints TAP."""
import os
import pty
import select
import shutil
import subprocess
import tempfile
import time

from check import PROFFER, check, finish, skip

COMMANDS = [word.split()[0] for word in subprocess.run(
    [PROFFER, "--help"], capture_output=True, text=True).stdout.split("exit")[0].splitlines()
    if word.startswith("  ") and word.strip() and word.split()[0].isalpha() and word.split()[0] != "proffer"]
PATIENCE = 600  # seconds for what a busy machine may be slow with
TEMPLATES = {"narrower-discovery", "proportionality-check", "privacy-impact"}
LINES = [  # line; what must be offered, all of it; or what must be among it
    ("proffer r", {"run"}, None),
    ("proffer ", None, set(COMMANDS)),
    ("proffer --v", {"--version"}, None),
    ("proffer run --fa", {"--fail-on"}, None),
    ("proffer run --fail-on ", {"supported", "contradicted", "undetermined"}, None),
    ("proffer frame plan.json --unit ", {"conversation", "exchange", "user"}, None),
    ("proffer frame plan.json --unit e", {"exchange"}, None),
    ("proffer draw plan.json --seed-s", {"--seed-source"}, None),
    ("proffer completion ", {"bash", "zsh", "fish"}, None),
    ("proffer manual pac", {"packet"}, None),
    ("proffer new ", TEMPLATES, None),
    ("proffer new privacy", {"privacy-impact"}, None),
    ("proffer run pl", {"plan.json"}, None),
    ("proffer run plan.json --catalogue ot", {"other.json"}, None),
    ("proffer bound --unr", {"--unreadable"}, None),
]


def script(shell):
    return subprocess.run([PROFFER, "completion", shell], capture_output=True, text=True).stdout


# ---- bash: the function that readline calls, and files where it finds none ----

def offered_by_bash(line, folder):
    words = line.split(" ")
    code = f"""{script('bash')}
COMP_WORDS=({' '.join("'" + word + "'" for word in words)}); COMP_CWORD={len(words) - 1}
COMP_LINE='{line}'; COMP_POINT={len(line)}
_proffer; [ ${{#COMPREPLY[@]}} = 0 ] && COMPREPLY=($(compgen -f -- '{words[-1]}'))
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "--norc", "-c", code], capture_output=True, text=True, cwd=folder)
    return set(done.stdout.split()), done.stderr


# ---- fish has a command for it ----

def offered_by_fish(line, folder):
    with open(os.path.join(folder, "proffer.fish"), "w", encoding="utf-8") as file:
        file.write(script("fish"))
    done = subprocess.run(["fish", "--no-config", "-c", f"source proffer.fish; complete -C '{line}'"],
                          capture_output=True, text=True, cwd=folder,
                          env={**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder})
    os.remove(os.path.join(folder, "proffer.fish"))
    return {each.split("\t")[0] for each in done.stdout.splitlines()}, done.stderr


# ---- zsh: a terminal, a TAB, and a compadd that writes down what it is given ----

ZSH = r"""
PS1='<''ready>'; unset RPS1; unsetopt beep
fpath=($FUNCTIONS $fpath); autoload -Uz compinit; compinit -u -D
compadd() {
    if [[ " ${@[1,(i)(-|--)]} " == *" -"[a-zA-Z]#[OAD]* ]]; then builtin compadd "$@"; return; fi
    local -a found
    builtin compadd -O found "$@"
    print -rl -- $found >>$OUT
    builtin compadd "$@"
}
at_end() { print -r -- '<end>' >>$OUT }
comppostfuncs=(at_end)
setopt extended_glob
"""


def read_until(fd, wanted, seconds):
    seen, end = b"", time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 4096)
            except OSError:
                break
    return seen


def offered_by_zsh(line, folder, work):
    functions, out = os.path.join(work, "functions"), os.path.join(work, "out")
    os.makedirs(functions, exist_ok=True)
    with open(os.path.join(functions, "_proffer"), "w", encoding="utf-8") as file:
        file.write(script("zsh"))
    with open(os.path.join(work, "setup"), "w", encoding="utf-8") as file:
        file.write(ZSH)
    open(out, "w").close()
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "HOME": work, "FUNCTIONS": functions,
                                                "OUT": out, "TERM": "dumb", "ZDOTDIR": work})
    try:
        os.write(fd, f"source {work}/setup\n".encode())
        seen = read_until(fd, b"<ready>", PATIENCE)
        os.write(fd, line.encode() + b"\t")
        said, end = "", time.monotonic() + PATIENCE
        while "<end>" not in said and time.monotonic() < end:
            seen += read_until(fd, b"\0", 0.1)
            with open(out, encoding="utf-8") as file:
                said = file.read()
        return set(said.split()) - {"<end>"}, seen.decode("utf-8", "replace")
    finally:
        os.write(fd, b"\x15exit\n")
        read_until(fd, b"\0", 0.2)
        os.close(fd)
        os.waitpid(pid, 0)


def main():
    work = tempfile.mkdtemp()
    folder = os.path.join(work, "here")
    os.mkdir(folder)
    for name in ("plan.json", "other.json"):
        open(os.path.join(folder, name), "w").close()
    try:
        check(len(COMMANDS) > 12 and "run" in COMMANDS, "the commands are known", COMMANDS)
        for shell, offered in (("bash", offered_by_bash), ("fish", offered_by_fish),
                               ("zsh", lambda line, at: offered_by_zsh(line, at, work))):
            if not shutil.which(shell):
                skip(f"completion in {shell}", "not installed")
                continue
            for line, exact, among in LINES:
                got, said = offered(line, folder)
                check(got == exact if exact is not None else among <= got,
                      f"{shell}: {line}", (sorted(got), said))
    finally:
        shutil.rmtree(work)
    finish()


main()
