/** Prepares what the API test needs, runs it, and takes it away again. */
package org.pushjobs.ctl.apitest;
