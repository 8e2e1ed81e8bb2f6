package dev.stowage.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when it is told to. */
public final class TravelClock extends Clock {

    private volatile Instant now;

    /** Stands still at this instant. */
    public TravelClock(Instant now) {
        this.now = now;
    }

    /** Moves on, or back. */
    public void travel(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new IllegalArgumentException("only the instant is of use");
    }
}
