/** Files that are there as a whole or not at all. */
package org.pushjobs.ctl.files;
