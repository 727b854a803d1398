/** The command line (packaging-ha.md, sections 1.2 and 1.3). */
package org.pushjobs.ctl.commands;
