/** {@code pushjobs whoami}, {@code doctor} and {@code config}: who asks whom, with what, and whether that works. */
package org.pushjobs.workstation.setup;
