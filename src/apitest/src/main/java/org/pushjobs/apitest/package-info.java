/** Tests a configured server through its public URL, with an agent that is a program of its own. */
package org.pushjobs.apitest;
