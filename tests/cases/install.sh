#!/usr/bin/env bash
# `make install` puts the program and its templates in place, it runs from there, and `make
# uninstall` leaves nothing behind. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/tap.sh

# Flags and variables of a make that runs this test are not for this one. What is built is not built
# anew, whatever happened to the sources since: other tests run it.
run_make() {
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES \
        make --no-print-directory -o all "BUILD=$BUILD" "DESTDIR=$scratch/root" prefix=/usr "$@"
}

same_templates() {
    diff -r templates "$scratch/root/usr/share/proffer/templates"
}

runs_from_there() (
    mkdir -p "$scratch/work" && cd "$scratch/work" || return
    echo '{ "proffer": 1, "logs": { "paths": ["l.jsonl"] }, "release": { "min_users": 0 },
            "queries": [ { "id": "kinds", "kind": "topics", "taxonomy":
                           "../root/usr/share/proffer/templates/usage.json" } ] }' >plan.json
    echo '{"id":"c1","messages":[{"role":"user","content":"Write a function in Python"}]}' >l.jsonl
    env -i PATH="$scratch/root/usr/bin" ASAN_OPTIONS="${ASAN_OPTIONS:-}" proffer run plan.json &&
        grep -q '"Computer Programming"' out/report.json
)

pages() {
    echo ./usr/share/man/man1/proffer.1
    "$BUILD/proffer" --help |
        awk '/^exit/ { exit } /^  [a-z]+ / && $1 != "proffer" {
                 print "./usr/share/man/man1/proffer-" $1 ".1" }'
}

pages_are_what_it_writes() {
    local man=$scratch/root/usr/share/man/man1
    "$BUILD/proffer" manual run | cmp - "$man/proffer-run.1" &&
        test "$(stat -c %a "$man/proffer-run.1")" = 644
}

only_what_is_meant() {
    diff <(cd "$scratch/root" && find . -type f | sort) \
        <({ echo ./usr/bin/proffer; (cd templates && find . -type f) |
            sed 's|^\./|./usr/share/proffer/templates/|'
            echo ./usr/share/bash-completion/completions/proffer
            echo ./usr/share/zsh/site-functions/_proffer
            echo ./usr/share/fish/vendor_completions.d/proffer.fish
            pages; } | sort)
}

nothing_left() {
    ! find "$scratch/root" -type f | grep .
}

check "make install" run_make install
check "the program can be run by everyone" test "$(stat -c %a "$scratch/root/usr/bin/proffer")" = 755
check "the templates are there" same_templates
check "the manual is there" pages_are_what_it_writes
check "and nothing else" only_what_is_meant
check "the installed program runs, with its templates" runs_from_there
check "make uninstall" run_make uninstall
check "leaves no file behind" nothing_left
echo "1..$number"
exit $bad
