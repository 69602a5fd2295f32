#!/bin/sh
# Builds and measures every candidate; the figures of docs/adr/0001-crypto-packages.md. About three minutes on a quiet machine.
set -eu
cd "$(dirname "$0")/../.."

project=bench/Chasqui.CryptoChoice
output=artifacts/crypto-choice
runs=${RUNS:-40}
program=Chasqui.CryptoChoice

publish() { # candidate kind [msbuild arguments...]
    candidate=$1 kind=$2
    shift 2
    dotnet publish "$project" -c Release -r linux-x64 -v q --nologo \
        -p:Candidate="$candidate" -p:StripSymbols=true --artifacts-path "$output/$candidate-$kind" -o "$output/$candidate-$kind/out" "$@" >&2
}

candidates="None BouncyCastle NSec Chasqui"
for candidate in $candidates; do
    publish "$candidate" aot
    publish "$candidate" jit -p:PublishAot=false --self-contained false
done

echo "# machine: $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r), .NET SDK $(dotnet --version)"
echo "# load before: $(cut -d' ' -f1-3 /proc/loadavg)"

echo
echo "# size of what NativeAOT publishes, bytes (symbols and documentation left out)"
for candidate in $candidates; do
    (cd "$output/$candidate-aot/out" && find . -type f ! -name '*.dbg' ! -name '*.xml' ! -name '*.pdb' -printf "$candidate %f %s\n" | sort)
done

echo
echo "# one run of every operation in a fresh process, $runs times: median (min - max)"
for candidate in $candidates; do
    for kind in aot jit; do
        printf '%-13s%-4s ' "$candidate" "$kind"
        "$output/None-aot/out/$program" spawn "$runs" "$output/$candidate-$kind/out/$program" once
    done
done

for kind in aot jit; do
    for candidate in BouncyCastle NSec Chasqui; do
        echo
        "$output/$candidate-$kind/out/$program" operations
    done
done

echo
echo "# load after: $(cut -d' ' -f1-3 /proc/loadavg)"
