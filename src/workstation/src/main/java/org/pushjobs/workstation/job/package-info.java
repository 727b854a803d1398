/** {@code pushjobs job ...} */
package org.pushjobs.workstation.job;
