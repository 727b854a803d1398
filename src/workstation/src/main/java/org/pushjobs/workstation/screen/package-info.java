/** Where commands write, and in which form. */
package org.pushjobs.workstation.screen;
