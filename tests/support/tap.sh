# For cases in bash: a folder $scratch that goes at the end, and `check`, which prints TAP and sets
# $bad where a command fails.
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT
number=0 bad=0

check() { # check TITLE COMMAND...
    local title=$1
    shift
    number=$((number + 1))
    if "$@" >"$scratch/log" 2>&1; then
        echo "ok $number - $title"
    else
        bad=1
        echo "not ok $number - $title"
        sed 's/^/# /' "$scratch/log"
    fi
}
