/** Completion in shells: scripts for them, and the words that they ask for. */
package org.pushjobs.workstation.completion;
