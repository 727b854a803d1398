/** The {@code pushjobs} command of a workstation: starts jobs, shows them and the availability of nodes. */
package org.pushjobs.workstation;
