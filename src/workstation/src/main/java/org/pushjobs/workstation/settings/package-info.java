/** Who asks which server: command-line options first, then the environment. */
package org.pushjobs.workstation.settings;
