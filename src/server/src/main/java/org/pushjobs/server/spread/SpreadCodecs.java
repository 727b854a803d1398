package org.pushjobs.server.spread;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.function.Consumer;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireEnum;
import org.pushjobs.server.bus.WireFormat;

/** How {@link GatewayNews} come to all processes. Usable from any thread. */
public final class SpreadCodecs {
    private static final String ADDRESS = "pushjobs.gateways";

    private static final WireEnum<Intake> INTAKES = WireEnum.of(List.of(Intake.OPEN, Intake.TOO_MANY, Intake.CLOSED));

    static final WireCodec<GatewayNews> NEWS = new WireCodec<>(
            "pushjobs.gateway.news",
            GatewayNews.class,
            WireCodec.SHORT,
            WireFormat.of(
                    (out, news) -> {
                        out.text(1, news.gateway());
                        out.text(2, news.host());
                        out.number(3, news.heartbeatPort());
                        out.number(4, news.commandPort());
                        out.text(5, news.incarnationId());
                        out.number(6, news.agents());
                        out.constant(7, INTAKES, news.intake());
                    },
                    in -> new GatewayNews(
                            in.text(1),
                            in.text(2),
                            in.integer(3),
                            in.integer(4),
                            in.text(5),
                            in.integer(6),
                            in.constant(7, INTAKES))));

    private SpreadCodecs() {}

    /** Once for each Vert.x instance, before anything is sent. */
    public static void register(Vertx vertx) {
        vertx.eventBus().registerCodec(NEWS);
    }

    public static void publish(Vertx vertx, GatewayNews news) {
        NEWS.publish(vertx, ADDRESS, news);
    }

    /** What all gateways tell, this process's own, too. */
    public static MessageConsumer<?> consumer(Vertx vertx, Consumer<GatewayNews> listener) {
        return NEWS.consumer(vertx, ADDRESS, (_, news) -> listener.accept(news));
    }
}
