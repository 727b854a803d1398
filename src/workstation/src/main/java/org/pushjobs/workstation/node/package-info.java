/** {@code pushjobs node ...} */
package org.pushjobs.workstation.node;
