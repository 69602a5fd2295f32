# shellcheck shell=bash
# The software bill of materials of a published binary, in CycloneDX 1.6. Sourced by build.sh.
#
# It is made of what the restore of that publish wrote down (project.assets.json), of the packages themselves and of the binary. It has
# no time and a serial number that follows from the binary, so that the same binary has the same bill.

# The packages of a publish for a RID, one a line, tabs between: name, version, scope, folder.
# Scope: "required" is linked into the binary, "excluded" has built it. A package of which nothing but an empty placeholder is taken is none.
sbom_packages() {
    jq -r --arg rid "$1" '
        . as $assets
        | ([$assets.packageFolders | keys[]] | first) as $folder
        | ($assets.targets["net10.0/" + $rid] | to_entries[] | select(.value.type == "package")
            | (.key | split("/")) as $id
            | [(.value.runtime // {}) | keys[] | select(endswith("_._") | not)] as $linked
            | select(($linked | length) > 0 or ($id[0] | test("ILCompiler|ILLink")))
            | [$id[0], $id[1], (if ($linked | length) > 0 then "required" else "excluded" end), $folder + $assets.libraries[.key].path]),
          ($assets.project.frameworks["net10.0"].downloadDependencies[] | select(.name == "Microsoft.NETCore.App.Runtime.NativeAOT." + $rid)
            | (.version | ltrimstr("[") | split(",")[0]) as $version
            | [.name, $version, "required", $folder + (.name | ascii_downcase) + "/" + $version])
        | @tsv' "$2"
}

# A package as a component. What its author says of the licence is an SPDX expression, or nothing.
sbom_component() {
    local name=$1 version=$2 scope=$3 folder=$4 sum=() licence
    sum=("$folder"/*.nupkg.sha512)
    licence=$(sed -n 's/.*<license type="expression">\([^<]*\)<.*/\1/p' "$folder"/*.nuspec)
    jq -n --arg name "$name" --arg version "$version" --arg scope "$scope" --arg licence "$licence" \
        --arg sum "$(base64 -d "${sum[0]}" | od -An -v -tx1 | tr -d ' \n')" '
        {type: (if $name | test("Runtime.NativeAOT") then "framework" else "library" end),
         "bom-ref": "pkg:nuget/\($name)@\($version)", name: $name, version: $version, scope: $scope,
         hashes: [{alg: "SHA-512", content: $sum}],
         purl: "pkg:nuget/\($name)@\($version)"}
        + if $licence == "" then {} else {licenses: [{expression: $licence}]} end'
}

# The shared libraries that the binary asks for, which are the machine's own.
sbom_shared() {
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | jq -R '
        {type: "library", "bom-ref": "shared:\(.)", name: ., scope: "required",
         description: "loaded at run time, from the machine", properties: [{name: "chasqui:linkage", value: "dynamic"}]}'
}

# Writes the bill of a binary: RID BINARY FILE.
write_sbom() {
    local rid=$1 binary=$2 file=$3 assets=$root/artifacts/obj/Chasqui.Cli/project.assets.json version sum name number scope folder
    if ! has_command jq || ! has_command readelf; then
        say "no bill of materials: it takes jq and readelf (binutils)"
        rm -f "$file"
        return 0
    fi
    version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
    sum=$(sha256sum "$binary" | cut -d' ' -f1)
    {
        sbom_packages "$rid" "$assets" | sort -u | while IFS=$'\t' read -r name number scope folder; do
            sbom_component "$name" "$number" "$scope" "$folder"
        done
        sbom_shared "$binary"
    } | jq -s --arg rid "$rid" --arg version "$version" --arg sum "$sum" '
        {bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
         serialNumber: "urn:uuid:\($sum[0:8])-\($sum[8:12])-8\($sum[13:16])-8\($sum[17:20])-\($sum[20:32])",
         metadata: {component: {type: "application", "bom-ref": "chasqui", name: "chasqui", version: $version,
            description: "userspace WireGuard, \($rid)", licenses: [{license: {id: "MIT"}}],
            hashes: [{alg: "SHA-256", content: $sum}], purl: "pkg:generic/chasqui@\($version)"}},
         components: .,
         dependencies: [{ref: "chasqui", dependsOn: [.[] | select(.scope == "required")["bom-ref"]]}]}' >"$file.new"
    mv "$file.new" "$file"
}
