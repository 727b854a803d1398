package org.pushjobs.server.spread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.NodeRef;

class RendezvousTest {
    private static final List<NodeRef> NODES = IntStream.range(0, 3_000)
            .mapToObj(i -> new NodeRef("0123456789abcdef0123456789abcdef", "node-%05d".formatted(i)))
            .toList();

    private static List<GatewayNews> gateways(int count) {
        return IntStream.range(0, count).mapToObj(RendezvousTest::gateway).toList();
    }

    private static GatewayNews gateway(int number) {
        return GatewayNews.opened("life-" + number, "push-" + number + ".example.com", 10_000, 10_002, "incarnation");
    }

    private static Map<NodeRef, String> placed(List<GatewayNews> gateways) {
        return NODES.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        node -> Rendezvous.choose(node, gateways).orElseThrow().host()));
    }

    private static Map<String, Long> counted(Iterable<String> hosts) {
        List<String> all = new ArrayList<>();
        hosts.forEach(all::add);
        return all.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void eachGatewayGetsItsShareOfTheNodes(int count) {
        long share = NODES.size() / count;

        assertThat(counted(placed(gateways(count)).values()))
                .hasSize(count)
                .allSatisfy((_, nodes) -> assertThat(nodes).isBetween(share * 9 / 10, share * 11 / 10));
    }

    @Test
    void onlyTheNodesOfAGatewayThatGoesMoveAndTheyMoveEvenly() {
        Map<NodeRef, String> before = placed(gateways(4));
        Map<NodeRef, String> after = placed(gateways(4).subList(0, 3));

        List<NodeRef> moved = NODES.stream()
                .filter(node -> !before.get(node).equals(after.get(node)))
                .toList();

        assertThat(moved)
                .containsExactlyElementsOf(NODES.stream()
                        .filter(node -> before.get(node).equals(gateway(3).host()))
                        .toList());
        assertThat(counted(moved.stream().map(after::get).toList()))
                .hasSize(3)
                .allSatisfy((_, nodes) -> assertThat(nodes).isBetween(200L, 300L));
    }

    @Test
    void neitherTheOrderNorTheLifeOfAGatewayMatters() {
        List<GatewayNews> later = new ArrayList<>(IntStream.range(0, 3)
                .mapToObj(number -> GatewayNews.opened(
                        "later-" + number, "push-" + number + ".example.com", 10_000, 10_002, "another"))
                .toList());
        Collections.reverse(later);

        assertThat(placed(later)).isEqualTo(placed(gateways(3)));
    }

    @Test
    void ofTwoLivesOfOneGatewayAllTakeTheSame() {
        GatewayNews one = gateway(1);
        GatewayNews next =
                GatewayNews.opened("next", one.host(), one.heartbeatPort(), one.commandPort(), "incarnation");

        assertThat(Rendezvous.choose(NODES.getFirst(), List.of(one, next)))
                .isEqualTo(Rendezvous.choose(NODES.getFirst(), List.of(next, one)));
    }

    @Test
    void noneIsChosenOfNone() {
        assertThat(Rendezvous.choose(NODES.getFirst(), List.of())).isEmpty();
    }
}
