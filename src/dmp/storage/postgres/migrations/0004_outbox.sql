-- Notices on their way out. Written with the notice itself, so that none is lost; the row stays when it is sent,
-- so that none is sent twice. No address stands here: it is read from the sealed profile when the notice leaves.
CREATE TABLE outbox (
    record_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    channel text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    attempts bigint NOT NULL,
    due_at timestamptz,
    settled_at timestamptz,
    PRIMARY KEY (record_id, notice_id, channel)
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
