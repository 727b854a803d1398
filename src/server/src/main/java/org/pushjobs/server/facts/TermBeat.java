package org.pushjobs.server.facts;

/** A term is there; told to every process, again and again. Gateways answer a new one with all their facts. */
public record TermBeat(long epoch) {}
