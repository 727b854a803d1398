/** The push jobs server as a workstation sees it: signed requests and what they answer (rest-api.md). */
package org.pushjobs.workstation.remote;
