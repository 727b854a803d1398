package org.pushjobs.ctl.plan;

import java.nio.file.Path;
import java.util.List;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.Wanted.Content;
import org.pushjobs.ctl.settings.Installation;

/** What the Chef server's nginx includes for the server's API (packaging-ha.md, section 3). */
public final class NginxAddOn {
    private static final String UPSTREAMS_FILE = "10-push_jobs_upstreams.conf";
    private static final String EXTERNAL_FILE = "10-push_jobs_external.conf";

    private static final String EXTERNAL = """
        location ~ "^/pushy/_status/?$" {
          types { }
          default_type application/json;
          proxy_pass http://opscode_pushy;
        }

        location ~ "^/organizations/[a-z0-9\\-_]+?/pushy/{0,1}" {
          proxy_redirect http://opscode_pushy /;
          proxy_pass http://opscode_pushy;
        }
        """;

    private NginxAddOn() {}

    /** Where the Chef server's nginx looks for add-ons' files. */
    public static Path directory(Layout layout, String nginxDirectory) {
        return layout.at(nginxDirectory).resolve("etc/addon.d");
    }

    static Wanted.NginxFiles files(Path directory, Installation installation) {
        String others = Installation.bracketed(installation.vip()) + ":" + installation.apiPort();
        String upstreams = """
            upstream opscode_pushy {
              server %s;
            }
            """.formatted(installation
                .apiOfFrontend()
                .map(own -> own + ";\n  server " + others + " backup")
                .orElse(others));
        return new Wanted.NginxFiles(List.of(
                file(directory.resolve(UPSTREAMS_FILE), upstreams), file(directory.resolve(EXTERNAL_FILE), EXTERNAL)));
    }

    /** Those files, whether they are there or not. */
    public static List<Path> names(Path directory) {
        return List.of(directory.resolve(UPSTREAMS_FILE), directory.resolve(EXTERNAL_FILE));
    }

    private static Wanted.File file(Path path, String content) {
        return new Wanted.File(path, content, Access.ofRoot("rw-r--r--"), Content.PLAIN);
    }
}
