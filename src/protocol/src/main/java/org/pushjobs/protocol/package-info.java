/** Placeholder. */ package org.pushjobs.protocol;
