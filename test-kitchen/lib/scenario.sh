#!/usr/bin/env bash
# scenario.sh SCENARIO NAME: runs it, on a machine of that name. The machine is a copy; nothing else runs on it.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
scenario=$1
machine=$2
# shellcheck source=test-kitchen/lib/steps.sh
. "$here/steps.sh"
# shellcheck source=test-kitchen/lib/node.sh
. "$here/node.sh"
# shellcheck source=test-kitchen/lib/server.sh
. "$here/server.sh"
# shellcheck source=test-kitchen/lib/chef-server.sh disable=SC1091
. "$here/$scenario.sh"

export PGCONNECT_TIMEOUT=10
hostname "$machine"
ip link set lo up
scenario_begins=$SECONDS
trap stop_everything EXIT
run_scenario
stop_everything
trap - EXIT
remove_users
echo "$scenario: $failures failed, $((SECONDS - scenario_begins)) s"
exit $((failures > 0))
