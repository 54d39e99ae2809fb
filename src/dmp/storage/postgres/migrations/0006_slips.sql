-- Values that acts keep whole, by kind: of a record (sealed with its key), or of a person or a structure.

-- Folders and pins, shares, emergency cards, requests of a holder: one row each.
CREATE TABLE record_slip (
    record_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    slip_id uuid NOT NULL,
    version bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (record_id, kind, slip_id)
);

-- A slip that a code opens, by the digest of the code.
CREATE TABLE slip_code_key (
    code_digest text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    slip_id uuid NOT NULL,
    PRIMARY KEY (code_digest)
);
CREATE INDEX slip_code_key_record ON slip_code_key (record_id);

-- A slip that waits for somebody: a professional, or the operator.
CREATE TABLE slip_addressee_key (
    addressee text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    slip_id uuid NOT NULL,
    PRIMARY KEY (addressee, kind, record_id, slip_id)
);
CREATE INDEX slip_addressee_key_record ON slip_addressee_key (record_id);

-- What belongs to a person or a structure and to no record: passkeys, patients seen lately, records opened.
CREATE TABLE own_slip (
    owner text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    slip_id uuid NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (owner, kind, slip_id)
);
