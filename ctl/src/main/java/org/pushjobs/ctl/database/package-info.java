/** Roles, rights and schema in PostgreSQL (storage.md). */
package org.pushjobs.ctl.database;
