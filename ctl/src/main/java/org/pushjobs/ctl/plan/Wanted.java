package org.pushjobs.ctl.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.pushjobs.ctl.database.DatabaseState;
import org.pushjobs.ctl.files.Access;

/** One thing that is to be so on a machine. */
public sealed interface Wanted {
    /** A directory, with whatever is in it. */
    record Directory(Path path, Access access) implements Wanted {
        public Directory {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(access, "access");
        }
    }

    /** A file with this content and nothing else. */
    record File(Path path, String content, Access access, Content shown) implements Wanted {
        public File {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(content, "content");
            Objects.requireNonNull(access, "access");
            Objects.requireNonNull(shown, "shown");
        }

        /** Leaves out the content. */
        @Override
        public String toString() {
            return "File[" + path + ", " + access + "]";
        }
    }

    /** Whether people may see what changes in a file. */
    enum Content {
        PLAIN,
        SECRET
    }

    /** A symbolic link. */
    record Link(Path path, Path target) implements Wanted {
        public Link {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(target, "target");
        }
    }

    /** Nothing of this name, be it a file, a link or a directory with all that is in it. */
    record Nothing(Path path) implements Wanted {
        public Nothing {
            Objects.requireNonNull(path, "path");
        }
    }

    /** Files that nginx includes and must be able to read. */
    record NginxFiles(List<File> files) implements Wanted {
        public NginxFiles {
            files = List.copyOf(files);
        }
    }

    /** Something in the database server. */
    record InDatabase(DatabaseState state) implements Wanted {
        public InDatabase {
            Objects.requireNonNull(state, "state");
        }
    }
}
