/** Placeholder. */
package org.pushjobs.agent;
