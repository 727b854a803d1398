/** Where everything is on a machine (packaging-ha.md, sections 0, 1 and 5). */
package org.pushjobs.ctl.layout;
