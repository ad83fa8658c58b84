#!/usr/bin/env bash
# Every command has a manual page with each option of its --help, and no page has a warning. The
# completion of bash offers what the tables say. Prints TAP.
set -u
: "${PROFFER:?the program to try}"
. "$(dirname "$0")/../support/tap.sh"

check_with() { # check_with TOOL TITLE COMMAND...
    if command -v "$1" >/dev/null; then
        check "${@:2}"
    else
        number=$((number + 1))
        echo "ok $number - $2 # SKIP $1 is not installed"
    fi
}

commands=$("$PROFFER" --help | awk '/^exit/ { exit } /^  [a-z]+ / && $1 != "proffer" { print $1 }')

options_of() {
    "$PROFFER" "$1" --help | grep -oE '^  (-[a-z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'
}

has_options() {
    "$PROFFER" manual "$1" >"$scratch/page" || return
    sed 's/\\-/-/g' "$scratch/page" >"$scratch/plain"
    local option options
    options=$(options_of "$1")
    [ -n "$options" ] || return
    for option in $options; do
        grep -qF "\\fB$option\\fR" "$scratch/plain" || { echo "no $option"; return 1; }
    done
    grep -q '^proffer .' <(sed -n '/^.SH EXAMPLES/,/^.fi/p' "$scratch/plain") ||
        grep -q '^eval' "$scratch/plain"
}

quiet_checker() { # quiet_checker COMMAND...: of every page, nothing said
    local name
    for name in "" $commands; do
        "$PROFFER" manual $name >"$scratch/page.1" || return
        "$@" "$scratch/page.1" 2>&1 | grep . && { echo "in $name"; return 1; }
    done
    return 0
}

parses() { # parses SHELL
    "$PROFFER" completion "$1" >"$scratch/script" && "$1" -n "$scratch/script"
}

completes() { # completes EXPECTED WORD...: the last word is what is being typed
    local expected=$1
    shift
    eval "$("$PROFFER" completion bash)"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _proffer
    echo "${COMPREPLY[*]}"
    [ "${COMPREPLY[*]}" = "$expected" ]
}

every_option() { # every_option COMMAND
    completes "$(options_of "$1" | tr '\n' ' ' | sed 's/ $//')" proffer "$1" --
}

files_are_of_commands() { # every command named in the table of files is one
    local name
    for name in $(sed -n 's/^    {"\([a-z]*\)", .*/\1/p' cli/command_files.c | sort -u); do
        grep -qwF "$name" <<<"$commands" || { echo "no command $name"; return 1; }
        "$PROFFER" manual "$name" | grep -q '^\.SH FILES$' || { echo "no files in $name"; return 1; }
    done
    "$PROFFER" manual run | sed 's/\\-/-/g' | grep -qF '\fIout/report.xlsx\fR' &&
        ! "$PROFFER" manual bound | grep -q '^\.SH FILES$'
}

check "the pages of commands name their files" files_are_of_commands
for name in $commands; do
    check "the page of $name has its options and an example" has_options "$name"
    check "bash completes the options of $name" every_option "$name"
done
check_with groff "no page has a warning of groff" quiet_checker groff -man -ww -z
check_with mandoc "nor of mandoc" quiet_checker mandoc -Tlint
check "bash completes commands" completes "$(echo $commands) --help --version" proffer ""
check "a command begun" completes "draw" proffer dr
check "values of an option" completes "exchange" proffer draw plan.json --unit e
check "shells" completes "bash zsh fish" proffer completion ""
check "a file is left to the shell" completes "" proffer run pl
for shell in bash zsh fish; do
    check_with $shell "the script for $shell parses" parses $shell
done
echo "1..$number"
exit $bad
