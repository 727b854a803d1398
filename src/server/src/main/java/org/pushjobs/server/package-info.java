/** Placeholder. */ package org.pushjobs.server;
