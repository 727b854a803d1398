package org.pushjobs.ctl.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.pushjobs.ctl.settings.ChefServer.Machine;
import org.pushjobs.ctl.settings.ChefServer.Postgres;
import org.pushjobs.ctl.settings.ChefServer.ServiceTree;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Host;
import org.pushjobs.ctl.settings.Installation.StandAlone;

/** Who is in the cluster, where nobody says so. */
class ClusterDefaultsTest {
    private static final Machine BACKEND_1 = machine("backend", Optional.of("192.0.2.11"), Optional.of("10.9.9.11"));
    private static final Machine BACKEND_2 = machine("backend", Optional.of("192.0.2.12"), Optional.empty());
    private static final Machine FRONTEND = machine("frontend", Optional.of("192.0.2.21"), Optional.empty());

    private static Machine machine(String role, Optional<String> address, Optional<String> clusterAddress) {
        return new Machine(Optional.of(role), false, address, clusterAddress);
    }

    private static Host chefServer(String topology, String name, Map<String, Machine> servers) {
        return new ChefServerMachine(
                new ChefServer(
                        topology,
                        servers,
                        Optional.of("192.0.2.10"),
                        Optional.of("chef.example.com"),
                        new Postgres("192.0.2.10", 5432, "postgres", false),
                        "opscode",
                        "nginx",
                        "/var/opt/opscode/nginx",
                        new ServiceTree("", "", "", "", "", ""),
                        "/var/opt/opscode/keepalived",
                        Optional.empty()),
                name,
                false,
                "be1.example.com");
    }

    private static Host inHa(String name) {
        return chefServer(
                "ha",
                name,
                Map.of("be2.example.com", BACKEND_2, "be1.example.com", BACKEND_1, "fe1.example.com", FRONTEND));
    }

    private static Map<String, String> added(Host host, String name, Map<String, JsonNode> given) {
        Map<String, JsonNode> settings = new LinkedHashMap<>(given);
        new ClusterDefaults(host, () -> name).addTo(settings);
        assertThat(settings).containsAllEntriesOf(given);
        Map<String, String> added = new TreeMap<>();
        settings.forEach((setting, value) -> {
            if (!given.containsKey(setting)) {
                added.put(setting, value.isTextual() ? value.textValue() : value.toString());
            }
        });
        return added;
    }

    private static JsonNode members(String... members) {
        return new ObjectMapper().valueToTree(members);
    }

    @Test
    void backendsOfAChefServerShareTheWorkByTheNetworkTheyHaveAmongThemselves() {
        assertThat(added(inHa("be1.example.com"), "be1.example.com", Map.of()))
                .isEqualTo(Map.of(
                        "cluster_members", "[\"10.9.9.11:10005\",\"192.0.2.12:10005\"]",
                        "cluster_address", "10.9.9.11"));
        assertThat(added(inHa("be2.example.com"), "be2.example.com", Map.of()))
                .isEqualTo(Map.of(
                        "cluster_members", "[\"10.9.9.11:10005\",\"192.0.2.12:10005\"]",
                        "cluster_address", "192.0.2.12"));
    }

    @Test
    void anotherPortIsThatOfAllBackends() {
        assertThat(added(inHa("be1.example.com"), "be1.example.com", Map.of("cluster_port", TextNode.valueOf("11005"))))
                .containsEntry("cluster_members", "[\"10.9.9.11:11005\",\"192.0.2.12:11005\"]");
    }

    @Test
    void frontendThatIsToHaveAServerHasTheApiOnlyAndIsReachedAtItsOwnAddress() {
        assertThat(added(inHa("fe1.example.com"), "fe1.example.com", Map.of()))
                .isEqualTo(Map.of(
                        "cluster_members", "[\"10.9.9.11:10005\",\"192.0.2.12:10005\"]",
                        "cluster_address", "192.0.2.21",
                        "roles", "api"));
        assertThat(added(
                        inHa("fe1.example.com"),
                        "fe1.example.com",
                        Map.of("roles", TextNode.valueOf("api, gateway"), "cluster_address", TextNode.valueOf("x"))))
                .containsOnlyKeys("cluster_members");
    }

    @Test
    void frontendOfATierNeedsMembersToHaveTheApiOnly() {
        Host host = chefServer(
                "tier", "fe1.example.com", Map.of("be1.example.com", BACKEND_1, "fe1.example.com", FRONTEND));

        assertThat(added(host, "fe1.example.com", Map.of())).isEmpty();
        assertThat(added(
                        host,
                        "fe1.example.com",
                        Map.of("cluster_members", members("be1.example.com:10005", "fe1.example.com:10005"))))
                .isEqualTo(Map.of("roles", "api", "cluster_address", "fe1.example.com"));
    }

    @Test
    void namesOfBackendsAreNotReliedOn() {
        Machine nameless = machine("backend", Optional.empty(), Optional.empty());
        Host host =
                chefServer("ha", "be2.example.com", Map.of("be1.example.com", BACKEND_1, "be2.example.com", nameless));

        assertThat(added(host, "be2.example.com", Map.of())).isEmpty();
    }

    @Test
    void addressOfVersion6HasItsBracketsBeforeThePortOnly() {
        Host host = chefServer(
                "ha",
                "a.example.com",
                Map.of(
                        "a.example.com", machine("backend", Optional.of("2001:db8::1"), Optional.empty()),
                        "b.example.com", machine("backend", Optional.of("2001:db8::2"), Optional.empty())));

        assertThat(added(host, "a.example.com", Map.of()))
                .isEqualTo(Map.of(
                        "cluster_members", "[\"[2001:db8::1]:10005\",\"[2001:db8::2]:10005\"]",
                        "cluster_address", "2001:db8::1"));
    }

    @Test
    void whoHasOneBackendHasNoCluster() {
        Map<String, Machine> servers = Map.of("be1.example.com", BACKEND_1, "fe1.example.com", FRONTEND);

        assertThat(added(chefServer("tier", "be1.example.com", servers), "be1.example.com", Map.of()))
                .isEmpty();
        assertThat(added(chefServer("ha", "be1.example.com", servers), "be1.example.com", Map.of()))
                .isEmpty();
        assertThat(added(chefServer("standalone", "be1.example.com", Map.of()), "be1.example.com", Map.of()))
                .isEmpty();
        assertThat(added(new StandAlone(), "push.example.com", Map.of())).isEmpty();
    }

    @Test
    void whatTheOperatorSaysStays() {
        assertThat(added(inHa("be1.example.com"), "be1.example.com", Map.of("cluster_members", members())))
                .isEmpty();
        assertThat(added(inHa("fe1.example.com"), "fe1.example.com", Map.of("cluster_members", TextNode.valueOf(" "))))
                .isEmpty();
        assertThat(added(
                        inHa("be1.example.com"),
                        "be1.example.com",
                        Map.of("cluster_address", TextNode.valueOf("10.1.1.1"))))
                .containsOnlyKeys("cluster_members");
    }

    @Test
    void machineFindsItselfInAListThatIsTheSameOnAll() {
        Map<String, JsonNode> given = Map.of("cluster_members", members("push-1.example.com:10005", "push-2:10005"));

        assertThat(added(new StandAlone(), "Push-1.example.com", given))
                .isEqualTo(Map.of("cluster_address", "push-1.example.com"));
        assertThat(added(new StandAlone(), "push-3.example.com", given)).isEmpty();
    }

    @Test
    void backendOfAListByHandIsWhereTheListHasIt() {
        Map<String, JsonNode> names =
                Map.of("cluster_members", members("be1.example.com:10005", "be2.example.com:10005"));
        Map<String, JsonNode> otherNetwork = Map.of("cluster_members", members("127.0.0.1:11005", "192.0.2.12:11005"));

        assertThat(added(inHa("be1.example.com"), "be1.example.com", names))
                .isEqualTo(Map.of("cluster_address", "be1.example.com"));
        assertThat(added(inHa("be1.example.com"), "be1.example.com", otherNetwork))
                .isEqualTo(Map.of("cluster_address", "127.0.0.1", "cluster_port", "11005"));
    }

    @Test
    void machineWhoseAddressIsGivenHasThePortOfItsEntry() {
        Map<String, JsonNode> given = Map.of(
                "cluster_members",
                members("192.0.2.11:11005", "192.0.2.12:10005"),
                "cluster_address",
                TextNode.valueOf("192.0.2.11"));

        assertThat(added(new StandAlone(), "push-1.example.com", given)).isEqualTo(Map.of("cluster_port", "11005"));
    }

    @Test
    void machineFindsItselfByAnAddressAndTakesThePortFromTheList() {
        assertThat(added(
                        new StandAlone(),
                        "push-1.example.com",
                        Map.of("cluster_members", TextNode.valueOf("192.0.2.11:10005, 127.0.0.1:11005"))))
                .isEqualTo(Map.of("cluster_address", "127.0.0.1", "cluster_port", "11005"));
        assertThat(added(
                        new StandAlone(),
                        "push-1.example.com",
                        Map.of(
                                "cluster_members",
                                TextNode.valueOf("127.0.0.1:11005"),
                                "cluster_port",
                                IntNode.valueOf(10_005))))
                .isEqualTo(Map.of("cluster_address", "127.0.0.1"));
    }
}
