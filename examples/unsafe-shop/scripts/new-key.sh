#!/bin/sh
# A key for the server and one for the page, once and for all.
set -eu
ucanpay keys create --merchant "$MERCHANT_ID" --kind rk --name Server --scopes refunds:write --expires never
ucanpay keys create --merchant "$MERCHANT_ID" --kind pk --name Page --expires never
