/** opscode-push-jobs-server-ctl: configures an installed server, and controls its service. */
package org.pushjobs.ctl;
