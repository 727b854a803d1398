/** Machines made of files, for tests. */
package org.pushjobs.ctl.testing;
