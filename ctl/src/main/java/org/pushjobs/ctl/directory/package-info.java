/** Organisations, users, clients and groups of a server without a Chef server, by the server's own command line. */
package org.pushjobs.ctl.directory;
