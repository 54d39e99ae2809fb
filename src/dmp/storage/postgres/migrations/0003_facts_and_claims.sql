-- What documents say in structured form, lines of the health insurance, reference data.

-- The facts of one document, sealed with the record's key. `form` is that of the reader that found them.
CREATE TABLE document_findings (
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    form bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (record_id, document_id)
);

-- One line of the feed as it came; what cancels and what is cancelled are both kept, and are put together
-- when they are read. line_id is made of the keys of the line, mark of its content: the feed tells by it a line
-- that it has brought before.
CREATE TABLE claim_line (
    record_id uuid NOT NULL,
    line_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    system text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    care_start date NOT NULL,
    care_end date,
    prescribed_on date,
    nature text COLLATE "C" NOT NULL,
    quantity double precision NOT NULL,
    prescriber text COLLATE "C" NOT NULL,
    prescriber_speciality text COLLATE "C" NOT NULL,
    performer text COLLATE "C" NOT NULL,
    performer_speciality text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    prescriber_place text COLLATE "C" NOT NULL,
    flow date,
    diagnoses text COLLATE "C" NOT NULL,
    mark bigint,
    PRIMARY KEY (record_id, line_id)
);

-- Records whose lines changed, and when their document was last made from them.
CREATE TABLE claim_feed (
    record_id uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (record_id)
);
CREATE INDEX claim_feed_waiting ON claim_feed (changed_at)
    WHERE published_at IS NULL OR published_at < changed_at;

-- A delivery of files by the digest of its contents: known ones are refused, cut ones are taken up again.
CREATE TABLE claim_delivery (
    digest text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    body text NOT NULL,
    PRIMARY KEY (digest)
);

-- An edition of reference data, as published (normalised, compressed). The newest of each kind is in force.
CREATE TABLE reference_edition (
    kind text COLLATE "C" NOT NULL,
    edition date NOT NULL,
    digest text COLLATE "C" NOT NULL,
    label text NOT NULL,
    source text NOT NULL,
    entries bigint NOT NULL,
    loaded_at timestamptz NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (kind, edition)
);

CREATE TABLE directory_person (
    rpps text COLLATE "C" NOT NULL,
    name text NOT NULL,
    speciality text NOT NULL,
    PRIMARY KEY (rpps)
);

CREATE TABLE directory_place (
    finess text COLLATE "C" NOT NULL,
    name text NOT NULL,
    town text NOT NULL,
    PRIMARY KEY (finess)
);
