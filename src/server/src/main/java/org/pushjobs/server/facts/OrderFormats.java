package org.pushjobs.server.facts;

import java.util.List;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.bus.WireFormat;
import org.pushjobs.server.bus.WireReader;
import org.pushjobs.server.bus.WireWriter;

/** How orders go from one process to another. */
final class OrderFormats {
    private static final WireFormat<Order.Addressee> ADDRESSEE = WireFormat.of(
            (out, addressee) -> {
                out.nested(1, MessageFormats.NODE, addressee.node());
                out.number(2, addressee.session());
            },
            in -> new Order.Addressee(in.nested(1, MessageFormats.NODE), in.number(2)));

    private static final WireFormat<Order.Watched> WATCHED = WireFormat.of(
            (out, job) -> {
                out.text(1, job.jobId());
                out.text(2, job.orgGuid());
                out.texts(3, job.nodes());
            },
            in -> new Order.Watched(in.text(1), in.text(2), in.texts(3)));

    private static final WireFormat<Order> ORDER = WireFormat.of(OrderFormats::write, OrderFormats::read);

    static final WireFormat<Orders> ORDERS = WireFormat.of(
            (out, orders) -> {
                out.number(1, orders.epoch());
                out.text(2, orders.gateway());
                out.number(3, orders.first());
                out.number(4, orders.heard());
                out.list(5, ORDER, orders.orders());
            },
            in -> new Orders(in.number(1), in.text(2), in.number(3), in.number(4), in.list(5, ORDER)));

    private OrderFormats() {}

    private static void write(WireWriter out, Order order) {
        switch (order) {
            case Order.WatchAll(List<Order.Watched> jobs) -> {
                out.number(1, 1);
                out.list(2, WATCHED, jobs);
            }
            case Order.Watch(Order.Watched job) -> {
                out.number(1, 2);
                out.nested(2, WATCHED, job);
            }
            case Order.Unwatch(String jobId) -> {
                out.number(1, 3);
                out.text(2, jobId);
            }
            case Order.Send(List<Order.Addressee> nodes, ServerMessage message) -> {
                out.number(1, 4);
                out.list(2, ADDRESSEE, nodes);
                out.nested(3, MessageFormats.SERVER_MESSAGE, message);
            }
            case Order.Rehabilitate(Order.Addressee node) -> {
                out.number(1, 5);
                out.nested(2, ADDRESSEE, node);
            }
            case Order.AckReports(long upTo) -> {
                out.number(1, 6);
                out.number(2, upTo);
            }
            case Order.TellAll _ -> out.number(1, 7);
        }
    }

    private static Order read(WireReader in) {
        int kind = in.integer(1);
        return switch (kind) {
            case 1 -> new Order.WatchAll(in.list(2, WATCHED));
            case 2 -> new Order.Watch(in.nested(2, WATCHED));
            case 3 -> new Order.Unwatch(in.text(2));
            case 4 -> new Order.Send(in.list(2, ADDRESSEE), in.nested(3, MessageFormats.SERVER_MESSAGE));
            case 5 -> new Order.Rehabilitate(in.nested(2, ADDRESSEE));
            case 6 -> new Order.AckReports(in.number(2));
            case 7 -> new Order.TellAll();
            default -> throw WireReader.unknown("order", kind);
        };
    }
}
