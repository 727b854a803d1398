# shellcheck shell=bash disable=SC2034
# What the package is made of; to be sourced by omnibus/build. The words are explained in that of the server.
home=/opt/push-jobs-workstation
summary='Runs commands on many nodes at once, decided by quorum: the commands'
description='The commands of Push Jobs for the workstation: pushjobs starts jobs, shows what becomes of them, and tells which
nodes can take them; as knife-push it takes the words of the plugin for knife.'
deb_section='admin'
deb_depends='libc6 (>= 2.17)'
rpm_requires=(/bin/bash coreutils glibc)

# jdk.httpserver: the server that the rehearsal talks to.
modules=(
  java.base java.logging java.management java.naming java.net.http java.scripting java.security.jgss java.sql java.xml
  jdk.crypto.ec jdk.httpserver jdk.net jdk.unsupported jdk.zipfs
)
optional_modules=(java.compiler java.desktop jdk.jfr)
archives=()

program pushjobs workstation org.pushjobs.workstation.PushJobs org.pushjobs.workstation.Rehearsal
empty_directories=()
link "$home/bin/knife-push" pushjobs
link /usr/bin/pushjobs "$home/bin/pushjobs"
link /usr/bin/knife-push "$home/bin/pushjobs"
