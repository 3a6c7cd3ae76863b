#!/bin/sh
# A fresh Debian: sh machine.sh SUITE CHECKOUT FOLDER [MIRROR]
# Sets Ripple up in it as the README says, runs every story there, and prints what tests.fresh.stories does.
#
# To be run by `unshare --mount --pid --fork --kill-child --mount-proc`: the machine is in memory and known to this
# mount namespace alone, so nothing of it is left, however it ends. What is in the environment is in the machine's too.
set -eu

suite=$1 checkout=$2 machine=$3 mirror=${4:-}

say() { echo "$(date +%T) $suite: $*" >&2; }

inside() {
    chroot "$machine" env PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        sh -euc "cd /root/ripple && $1" </dev/null
}

say "making the machine"
mount -t tmpfs -o mode=755,size=6g tmpfs "$machine"
# Debian's test releases say a date until which they are valid; a mirror that stands still lets it go by.
mmdebstrap --quiet --variant=apt --include=make,git,python3,python3-venv \
    --aptopt='Acquire::Check-Valid-Until "false"' "$suite" "$machine" $mirror >&2
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev"
mkdir "$machine/root/ripple"
tar -xf "$checkout" -C "$machine/root/ripple"
if [ -f "${PIP_CERT:-}" ]; then
    mkdir -p "$machine$(dirname "$PIP_CERT")"
    cp -L "$PIP_CERT" "$machine$PIP_CERT"
fi

say "make setup-app"
inside "make setup-app" >&2
say "make setup-dev"
inside "make setup-dev" >&2
say "running every story"
inside "PYTHONPATH=. .venv/bin/python -m tests.fresh.stories"
say "running tests of what depends on Python most: threads and files, where every warning is an error"
inside "make test ARGS='-q tests/experiments/test_cache.py tests/finance/test_case_job.py'" >&2
say "done, with $(du -sm --one-file-system "$machine" | cut -f1) MB"
