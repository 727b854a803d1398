package org.pushjobs.ctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineDiffTest {
    @Test
    void changedLineIsTakenOutAndPutIn() {
        assertThat(LineDiff.between("a\nb\nc\n", "a\nB\nc\n")).containsExactly("-b", "+B");
    }

    @Test
    void onlyWhatIsNewIsPutIn() {
        assertThat(LineDiff.between("a\nc\n", "a\nb\nc\nd\n")).containsExactly("+b", "+d");
        assertThat(LineDiff.between("", "a\n")).containsExactly("+a");
        assertThat(LineDiff.between("a\n", "")).containsExactly("-a");
        assertThat(LineDiff.between("a\n", "a\n")).isEmpty();
    }
}
