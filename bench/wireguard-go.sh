#!/usr/bin/env bash
# Gets the newest wireguard-go that Debian's mirrors have a package of, whatever release this machine runs: the package of the stable release
# here may be years old. apt works in a folder of its own, so that the machine's sources and packages stay as they are. Prints the
# program's path on standard output, and what it is on standard error; falls back to the installed one.
#
#   WIREGUARD_GO   take this program instead

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root folder=$root/artifacts/bench/wireguard-go
readonly suites=(sid trixie bookworm-backports)

version_of() { "$1" --version 2>&1 | sed -n '1s/.* v\{0,1\}\([0-9][0-9.]*\).*/\1/p'; }

# The mirror of the machine's own apt configuration.
mirror() {
    # shellcheck disable=SC2016 # the words are apt's
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null | grep -v security | head -n 1
}

# Downloads and unpacks the newest package that runs with this machine's C library.
download() {
    local site suite work=$folder/work options
    command -v apt-get dpkg >/dev/null || return 1
    site=$(mirror)
    [[ -n $site && -r /usr/share/keyrings/debian-archive-keyring.gpg ]] || return 1
    rm -rf "$work"
    mkdir -p "$work"/{state/lists/partial,cache/archives/partial}
    options=(-o "Dir::State=$work/state" -o "Dir::Cache=$work/cache" -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o APT::Default-Release= -o APT::Sandbox::User=root)
    for suite in "${suites[@]}"; do
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main" >"$work/sources.list"
        if apt-get "${options[@]}" update -qq 2>/dev/null && (cd "$work" && apt-get "${options[@]}" download -qq wireguard-go) 2>/dev/null &&
            dpkg -x "$work"/wireguard-go_*.deb "$work/out" && "$work/out/usr/bin/wireguard-go" --version >/dev/null 2>&1; then
            mv "$work/out/usr/bin/wireguard-go" "$folder/wireguard-go"
            rm -rf "$work"
            return 0
        fi
        rm -rf "$work"/wireguard-go_*.deb "$work/out"
    done
    rm -rf "$work"
    return 1
}

main() {
    local program=${WIREGUARD_GO:-} origin="as given by WIREGUARD_GO"
    if [[ -z $program ]]; then
        mkdir -p "$folder"
        # Kept for a week: a mirror is not asked at every run.
        if [[ -n $(find "$folder" -maxdepth 1 -name wireguard-go -type f -mtime -7) ]] || download || [[ -x $folder/wireguard-go ]]; then
            program=$folder/wireguard-go
            origin="the newest of Debian's packages"
        else
            program=$(command -v wireguard-go || true)
            origin="the installed one: no newer package could be had"
        fi
    fi
    [[ -n $program && -x $program ]] || { echo "wireguard-go: there is none" >&2; return 1; }
    echo "wireguard-go $(version_of "$program"), $origin" >&2
    echo "$program"
}

main
