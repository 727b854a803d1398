/** What an operator and the Chef server have set, checked and put together (packaging-ha.md, section 2). */
package org.pushjobs.ctl.settings;
