/** What is to be on a machine, and how it gets there step by step. */
package org.pushjobs.ctl.plan;
