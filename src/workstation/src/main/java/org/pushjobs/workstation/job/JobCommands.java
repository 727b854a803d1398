package org.pushjobs.workstation.job;

import picocli.CommandLine.Command;

/** {@code pushjobs job}: has only subcommands. */
@Command(name = "job", synopsisSubcommandLabel = "COMMAND", description = "Start jobs and look at them.")
public final class JobCommands {}
