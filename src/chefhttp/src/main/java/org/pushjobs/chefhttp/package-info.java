/** What everybody needs who asks a Chef or push jobs server by HTTP: its address, proxies, whom to trust, signatures. */
package org.pushjobs.chefhttp;
