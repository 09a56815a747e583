#!/bin/sh
# A key for the server, once and for all.
set -eu
ucanpay keys create --merchant "$MERCHANT_ID" --kind rk --name Server --scopes refunds:write --expires never
