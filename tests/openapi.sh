#!/usr/bin/env bash
# Checks with an independent validator that the description is valid OpenAPI. Skipped without Python or network.
set -euo pipefail
cd "$(dirname "$0")/.."

place=target/openapi-validator
validator=$place/bin/openapi-spec-validator
if [ ! -x "$validator" ]; then
    if ! command -v python3 > /dev/null || ! python3 -m venv "$place" > /dev/null 2>&1 ||
        ! "$place/bin/pip" install --quiet --disable-pip-version-check openapi-spec-validator==0.9.0; then
        rm -rf "$place"
        echo "SKIPPED: openapi-spec-validator cannot be installed, so the description was not validated"
        exit 0
    fi
fi

"$validator" --schema 3.1 wechatpay-catalogue/openapi/openapi.json
"$validator" --schema 3.1 wechatpay-gateway/src/control/openapi.json

# A validator that does not follow the references would find nothing in any path. So it has to find a mistake there.
broken=$(mktemp -d)
trap 'rm -rf "$broken"' EXIT
cp -R wechatpay-catalogue/openapi/. "$broken"
sed -i.bak 's/"responses"/"results"/; s/"in": "path"/"in": "nowhere"/' "$broken/v3/refund/domestic/refunds/{out_refund_no}.json"
if "$validator" --schema 3.1 "$broken/openapi.json" > /dev/null 2>&1; then
    echo "the validator does not read the documents of the paths" >&2
    exit 1
fi
