/** Keys and passwords: where they are kept, taken over and made (packaging-ha.md, section 2.5). */
package org.pushjobs.ctl.secrets;
