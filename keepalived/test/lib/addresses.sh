# shellcheck shell=bash disable=SC2034
# To be sourced: who is where in the network of the test.
address=10.77.0.10
declare -A address_of=([b1]=10.77.0.11 [b2]=10.77.0.12 [front]=10.77.0.20 [front2]=10.77.0.21 [db]=10.77.0.30
  [db2]=10.77.0.31 [agents]=10.77.0.40 [users]=10.77.0.50)
machines=(db db2 b1 b2 front front2 agents users)
frontends=10.77.0.20/31
network=10.77.0.0/24
