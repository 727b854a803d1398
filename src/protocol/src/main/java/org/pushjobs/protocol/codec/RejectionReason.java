package org.pushjobs.protocol.codec;

/** Why a received message was dropped; the order is the order of the checks (wire-protocol.md, "Validation order"). */
public enum RejectionReason {
    WRONG_FRAME_COUNT("wrong_frame_count"),
    HEADER_TOO_LONG("header_too_long"),
    BODY_TOO_LONG("body_too_long"),
    BAD_HEADER("bad_header"),
    BAD_JSON("bad_json"),
    BAD_FIELD("bad_field"),
    UNKNOWN_TYPE("unknown_type"),
    WRONG_NODE("wrong_node"),
    UNKNOWN_NODE("unknown_node"),
    BAD_SIGNATURE("bad_signature"),
    CLOCK_SKEW("clock_skew");

    private final String label;

    RejectionReason(String label) {
        this.label = label;
    }

    /** Name used in metrics and logs. */
    public String label() {
        return label;
    }
}
