# shellcheck shell=bash disable=SC2034
# What the package is made of; to be sourced by omnibus/build. The words are explained in that of the server.
home=/opt/push-jobs-client
summary='Runs commands on many nodes at once, decided by quorum: the agent'
description='The agent of Push Jobs: it runs on every node, keeps in touch with the server (package
opscode-push-jobs-server), and runs the commands that the whitelist of the node names.'
deb_section='admin'
deb_depends='libc6 (>= 2.17)'
deb_replaces=opscode-push-jobs-client
rpm_requires=(/bin/bash coreutils glibc)
rpm_obsoletes=(opscode-push-jobs-client)

modules=(
  java.base java.logging java.management java.naming java.net.http java.scripting java.security.jgss java.sql java.xml
  jdk.crypto.ec jdk.jcmd jdk.net jdk.unsupported jdk.zipfs
)
optional_modules=(java.compiler java.desktop)
# The agent has no cache of its own: the runtime's archive is smaller, and its pages are shared (docs/agent.md, "Memory").
archives=(-XX:+UseCompactObjectHeaders)

program pushy-client agent org.pushjobs.agent.PushJobsClient none
empty_directories=()
link "$home/bin/push-jobs-client" pushy-client
link /usr/bin/pushy-client "$home/bin/pushy-client"
link /usr/bin/push-jobs-client "$home/bin/pushy-client"
