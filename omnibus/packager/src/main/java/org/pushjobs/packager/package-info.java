/** What {@code omnibus/build} needs beside the shell: RPM files, and lists of what is in a package. */
package org.pushjobs.packager;
