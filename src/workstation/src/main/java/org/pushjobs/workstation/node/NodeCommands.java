package org.pushjobs.workstation.node;

import picocli.CommandLine.Command;

/** {@code pushjobs node}: has only subcommands. */
@Command(name = "node", synopsisSubcommandLabel = "COMMAND", description = "Look at nodes.")
public final class NodeCommands {}
