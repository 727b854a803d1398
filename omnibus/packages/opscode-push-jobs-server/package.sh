# shellcheck shell=bash disable=SC2034
# What the package is made of; to be sourced by omnibus/build.
home=/opt/opscode-push-jobs-server
summary='Runs commands on many nodes at once, decided by quorum: the server'
description='The server of Push Jobs: it keeps in touch with the agents on the nodes (package push-jobs-client), starts the
jobs that are asked for over its HTTP API when enough nodes are ready, and records how they end. It is an add-on of a Chef
server, or stands alone with a database of its own.'
deb_section='admin'
deb_depends='libc6 (>= 2.17), passwd'
deb_recommends='chef-server-core, libsodium23'
rpm_requires=(/bin/bash coreutils glibc shadow-utils util-linux)
rpm_recommends=(chef-server-core 'libsodium.so.23()(64bit)')

# The Java runtime: what jdeps finds in the jars, and what is asked for at run time only: jdk.crypto.ec for certificates,
# jdk.zipfs to look into jars, jdk.jcmd and jdk.jfr to look into a server that hangs. jdk.charsets and jdk.localedata are left
# out: nothing here speaks but English in UTF-8.
modules=(
  java.base java.logging java.management java.naming java.net.http java.scripting java.security.jgss java.sql java.xml
  jdk.crypto.ec jdk.jcmd jdk.jfr jdk.management jdk.net jdk.unsupported jdk.zipfs
)
# What jdeps finds and is not needed: libraries look for windows, for a compiler and for a profiler, and do without.
optional_modules=(java.compiler java.desktop)
# Options of the programs that start without a cache of their own: for each, the runtime makes its own class archive.
archives=()

# program NAME MODULE MAIN_CLASS CACHE: a program in bin. CACHE is "fleet" where simulated agents rehearse the server, the name of
# a class of the module that rehearses the program, or "none".
# The module may be in src or beside it.
program pushjobs-server server org.pushjobs.server.PushJobsServer fleet
program opscode-push-jobs-server-ctl ctl org.pushjobs.ctl.PushJobsCtl org.pushjobs.ctl.Rehearsal
# What "opscode-push-jobs-server-ctl test" runs; the agent that it starts is among its libraries.
program pushjobs-api-test apitest org.pushjobs.apitest.ApiTest none
link /usr/bin/opscode-push-jobs-server-ctl "$home/bin/opscode-push-jobs-server-ctl"
# What two backends without a Chef server need beside keepalived (docs/operations.md, "Two backends").
copy "$home/keepalived" keepalived/README.md keepalived/keepalived.conf keepalived/push-jobs-check keepalived/push-jobs-notify
# Directories that are empty in the package, as in the original's.
empty_directories=("$home/sv" "$home/service" "$home/init")
