/** Who asks which server: the command line first, then the environment, profiles, and Ruby files. */
package org.pushjobs.workstation.settings;
