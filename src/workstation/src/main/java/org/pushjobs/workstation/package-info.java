/** Placeholder. */
package org.pushjobs.workstation;
