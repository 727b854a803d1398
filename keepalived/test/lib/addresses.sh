# shellcheck shell=bash disable=SC2034
# To be sourced: who is where in the network of the test.
address=10.77.0.10
declare -A address_of=([b1]=10.77.0.11 [b2]=10.77.0.12 [front]=10.77.0.20 [db]=10.77.0.30 [agents]=10.77.0.40 [users]=10.77.0.50)
machines=(db b1 b2 front agents users)
network=10.77.0.0/24
