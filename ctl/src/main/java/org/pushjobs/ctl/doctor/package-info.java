/** Looks at a configured machine and says what is wrong with it and what to do. Changes nothing. */
package org.pushjobs.ctl.doctor;
