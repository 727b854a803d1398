package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;

/**
 * Keeps what nginx included before until nginx has said that it can read the new. The copies are on disk, so that a process
 * that was killed in between can be followed by one that puts the old back.
 *
 * @param program nginx
 * @param configuration its main file
 * @param copies a directory of our own
 */
record NginxCheck(Path program, Path configuration, Path copies) {
    private static final int SECONDS = 30;
    private static final String COPY = "before-";
    private static final String ABSENT = "absent-";

    /** Before the files change. A copy that is there already is of what was there before a reconfigure that was killed. */
    void keep(List<Wanted.File> files) throws IOException {
        for (Wanted.File file : files) {
            String name = file.path().getFileName().toString();
            if (Files.exists(copies.resolve(COPY + name)) || Files.exists(copies.resolve(ABSENT + name))) {
                continue;
            }
            boolean there = Files.isRegularFile(file.path(), LinkOption.NOFOLLOW_LINKS);
            AtomicFile.write(
                    copies.resolve((there ? COPY : ABSENT) + name),
                    there ? Files.readAllBytes(file.path()) : new byte[0],
                    Access.ofRoot("rw-------"));
        }
    }

    /**
     * Asks nginx; puts the files back that were there before when it does not like what is there.
     *
     * @throws CtlException with what nginx says
     */
    void run(List<Wanted.File> files) throws IOException, CtlException, InterruptedException {
        if (Files.isExecutable(program) && Files.exists(configuration)) {
            Process process = new ProcessBuilder(program.toString(), "-t", "-q", "-c", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            if (process.waitFor() != 0) {
                restore(files);
                throw new CtlException(
                        "nginx cannot read its configuration with the add-on's files, which were taken back: "
                                + said + ". Look whether it can without them (" + program + " -t -c " + configuration
                                + "), and at what else is in "
                                + files.getFirst().path().getParent());
            }
        }
        forget(files);
    }

    private void restore(List<Wanted.File> files) throws IOException {
        for (Wanted.File file : files) {
            Path copy = copies.resolve(COPY + file.path().getFileName());
            if (Files.exists(copy)) {
                AtomicFile.write(file.path(), Files.readAllBytes(copy), file.access());
            } else if (Files.exists(copies.resolve(ABSENT + file.path().getFileName()))) {
                AtomicFile.delete(file.path());
            }
        }
        forget(files);
    }

    private void forget(List<Wanted.File> files) throws IOException {
        for (Wanted.File file : files) {
            AtomicFile.delete(copies.resolve(COPY + file.path().getFileName()));
            AtomicFile.delete(copies.resolve(ABSENT + file.path().getFileName()));
        }
    }

    /** Whether files were put in place that nginx has not looked at. */
    boolean isUnfinished(List<Wanted.File> files) {
        return files.stream()
                .map(file -> file.path().getFileName())
                .anyMatch(name ->
                        Files.exists(copies.resolve(COPY + name)) || Files.exists(copies.resolve(ABSENT + name)));
    }
}
