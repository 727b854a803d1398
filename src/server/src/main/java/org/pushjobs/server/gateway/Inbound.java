package org.pushjobs.server.gateway;

import java.util.List;
import java.util.Optional;

/**
 * What arrived on the command port, not yet checked.
 *
 * @param peer whose CURVE key the connection used; empty without CURVE
 * @param frames what followed the routing id; more than {@link ZmqLoop#MAX_FRAMES} are cut
 */
record Inbound(Route route, Optional<AdmittedNode> peer, List<byte[]> frames) {}
