package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.server.ServerException;

class StoreErrorsTest {
    private static Throwable translated(Throwable cause) {
        return StoreErrors.translated(Future.failedFuture(cause)).cause();
    }

    private static PgException refusal(String sqlState) {
        return new PgException("words of the database", "ERROR", sqlState, "");
    }

    @ParameterizedTest
    @CsvSource({
        "53100, the database has no space left",
        "53200, the database has no memory left",
        "53300, the database has no connections left",
        "53400, the database is at one of its limits",
        "25006, 'the database takes no writes, it is read-only'",
        "57P01, the database does not answer",
        "57P03, the database does not answer",
        "57014, the database took too long",
        "08006, the database does not answer",
        "28P01, the database does not let the server in",
        "3D000, there is no such database",
        "40001, the database could not do it",
        "XX000, the database could not do it",
        "42501, 'the database refuses what the server asks of it, are the tables and the grants whole?'",
        "42P01, 'the database refuses what the server asks of it, are the tables and the grants whole?'"
    })
    void whatTheDatabaseCannotDoNowIsTemporaryAndSaidAsItIs(String sqlState, String what) {
        assertThat(translated(refusal(sqlState)))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(ServerException.UNAVAILABLE))
                .hasMessageStartingWith(what + ": ")
                .hasMessageContaining("words of the database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"22P02", "23505"})
    void whatTheDatabaseWillNeverTakeIsNotTemporary(String sqlState) {
        assertThat(translated(refusal(sqlState))).isInstanceOf(PgException.class);
    }

    @Test
    void connectionThatIsGoneIsNoAnswer() {
        assertThat(translated(new IOException("reset"))).hasMessage("the database does not answer: reset");
    }

    @Test
    void stateIsFoundWhereALibraryHasWrappedIt() {
        assertThat(StoreErrors.what(new IllegalStateException(new SQLException("full", "53100"))))
                .isEqualTo("the database has no space left");
        assertThat(StoreErrors.what(new IllegalStateException("something else")))
                .isEqualTo("the database does not answer");
    }
}
