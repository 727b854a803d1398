package org.pushjobs.server.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What a Chef server answered, and how to read it (request-signing.md, "Where principals, groups and organisations come
 * from"). All methods throw {@link UnusableAnswerException} for everything that is not as stated there: a guess could
 * give somebody a right. So a 404 counts only with JSON in it; that of some other web server has none.
 */
record ChefAnswer(int status, byte[] body) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{32}");

    /** Everyone of a name, or that there is no such organisation. */
    sealed interface Principals {
        record Known(List<Principal> principals) implements Principals {
            public Known {
                principals = List.copyOf(principals);
            }
        }

        record NoOrganisation() implements Principals {}
    }

    /** Of {@code GET /organizations/ORG}. */
    Optional<Organisation> organisation(String orgName) {
        return found().map(organisation -> {
            String guid = text(organisation, "guid");
            if (!GUID.matcher(guid).matches()) {
                throw new UnusableAnswerException("an organisation whose guid is not 32 hex digits");
            }
            return new Organisation(orgName, guid);
        });
    }

    /** Of {@code GET /organizations/ORG/groups/GROUP}. */
    Optional<Group> group() {
        return found().map(group -> new Group(names(group, "users"), names(group, "clients"), names(group, "groups")));
    }

    /** Of {@code GET /organizations/ORG/principals/NAME}, in version 1 or 0, which is one principal without a list. */
    Principals principals(String name) {
        if (status == 404) {
            String missing = text(object(), "not_found");
            return switch (missing) {
                case "org" -> new Principals.NoOrganisation();
                case "principal" -> new Principals.Known(List.of());
                default -> throw new UnusableAnswerException("status 404 with not_found for something else");
            };
        }
        JsonNode answer = found().orElseThrow();
        JsonNode list = answer.path("principals");
        List<Principal> principals = new ArrayList<>();
        for (JsonNode principal : list.isArray() ? list : List.of(answer)) {
            if (!text(principal, "name").equals(name)) {
                throw new UnusableAnswerException("a principal of another name");
            }
            // one without a key cannot have signed anything
            if (!principal.path("public_key").isNull()) {
                principals.add(
                        new Principal(name, type(principal), text(principal, "public_key"), orgMember(principal)));
            }
        }
        return new Principals.Known(principals);
    }

    private static Principal.Type type(JsonNode principal) {
        return switch (text(principal, "type")) {
            case "user" -> Principal.Type.USER;
            case "client" -> Principal.Type.CLIENT;
            default -> throw new UnusableAnswerException("a principal that is neither user nor client");
        };
    }

    private static boolean orgMember(JsonNode principal) {
        JsonNode member = principal.path("org_member");
        if (!member.isBoolean()) {
            throw new UnusableAnswerException("JSON without 'org_member'");
        }
        return member.booleanValue();
    }

    private static Set<String> names(JsonNode object, String member) {
        JsonNode list = object.path(member);
        if (!list.isArray() || !StreamSupport.stream(list.spliterator(), false).allMatch(JsonNode::isTextual)) {
            throw new UnusableAnswerException("JSON without a list of names '" + member + "'");
        }
        Set<String> names = HashSet.newHashSet(list.size());
        list.forEach(name -> names.add(name.textValue()));
        return names;
    }

    private static String text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        if (!value.isTextual()) {
            throw new UnusableAnswerException("JSON without '" + member + "'");
        }
        return value.textValue();
    }

    /** The object of a 200; empty for a 404. */
    private Optional<JsonNode> found() {
        return switch (status) {
            case 200 -> Optional.of(object());
            case 404 -> {
                object();
                yield Optional.empty();
            }
            case 401, 403 ->
                throw new UnusableAnswerException("status " + status
                        + ": the superuser is refused; check superuser_name, superuser_key_file and the clocks");
            default -> throw new UnusableAnswerException("status " + status);
        };
    }

    private JsonNode object() {
        try {
            JsonNode parsed = JSON.readTree(body);
            if (parsed != null && parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException e) {
            // the same as JSON of another type
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        throw new UnusableAnswerException("status " + status + " with a body that is no JSON object");
    }
}
