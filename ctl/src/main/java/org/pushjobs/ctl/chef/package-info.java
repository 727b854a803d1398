/** Requests to the Chef server, and to others as the server would make them. */
package org.pushjobs.ctl.chef;
