/** Keys and configuration in one file, and back. */
package org.pushjobs.ctl.backup;
