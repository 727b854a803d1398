/** What agents and workstations need to know to reach a server by HTTP: proxies, and certificates that are trusted. */
package org.pushjobs.platform.network;
