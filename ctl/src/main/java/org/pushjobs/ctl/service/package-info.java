/** The service as its supervisor has it (packaging-ha.md, sections 0, 1.3 and 4). */
package org.pushjobs.ctl.service;
