-- Every table of a record begins its primary key with record_id. What must be found by another key
-- has a key table whose primary key is that key. Identifiers are made by the application.

CREATE TABLE health_record (
    record_id uuid NOT NULL,
    state text COLLATE "C" NOT NULL,
    due_at timestamptz,
    version bigint NOT NULL,
    purge_pending boolean NOT NULL,
    sheet text NOT NULL,
    PRIMARY KEY (record_id)
);
CREATE INDEX health_record_due ON health_record (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX health_record_purge ON health_record (record_id) WHERE purge_pending;

CREATE TABLE ins_key (
    matricule text COLLATE "C" NOT NULL,
    root text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (matricule, root)
);

CREATE TABLE record_key (
    record_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (record_id)
);

-- What the scope and the searches ask for stands in columns; entry and fhir hold the whole.
CREATE TABLE document (
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    entry_uuid uuid NOT NULL,
    unique_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    masked boolean NOT NULL,
    hidden_from_patient boolean NOT NULL,
    hidden_from_representatives boolean NOT NULL,
    archived boolean NOT NULL,
    type_code text COLLATE "C" NOT NULL,
    owner_ids text[] NOT NULL,
    created_at timestamptz NOT NULL,
    service_start timestamptz NOT NULL,
    service_stop timestamptz NOT NULL,
    submitted_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    type_token text COLLATE "C" NOT NULL,
    class_token text COLLATE "C" NOT NULL,
    facility_token text COLLATE "C" NOT NULL,
    setting_token text COLLATE "C" NOT NULL,
    format_token text COLLATE "C" NOT NULL,
    event_tokens text[] NOT NULL,
    label_tokens text[] NOT NULL,
    related text[] NOT NULL,
    replaces text[] NOT NULL,
    author_ids text[] NOT NULL,
    author_folded text COLLATE "C" NOT NULL,
    title_folded text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    sha1 text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    pack text COLLATE "C" NOT NULL,
    pack_offset bigint NOT NULL,
    pack_length bigint NOT NULL,
    fhir text NOT NULL,
    entry text NOT NULL,
    PRIMARY KEY (record_id, document_id)
) WITH (toast_tuple_target = 8160);
-- Lists read fhir and the columns of the scope. Nothing of them may leave the row: with a smaller target
-- the columns of the scope leave it before fhir does, and a list of 50 reads 200 pages more.
ALTER TABLE document ALTER COLUMN fhir SET STORAGE MAIN;
CREATE INDEX document_newest ON document (record_id, created_at DESC, document_id DESC);

CREATE TABLE document_version (
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    entry_uuid uuid NOT NULL,
    replaced_at timestamptz NOT NULL,
    entry text NOT NULL,
    PRIMARY KEY (record_id, document_id, entry_uuid)
);

CREATE TABLE document_key (
    id uuid NOT NULL,
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE unique_id_key (
    unique_id text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    PRIMARY KEY (unique_id)
);

CREATE TABLE submission (
    record_id uuid NOT NULL,
    submission_id uuid NOT NULL,
    submitted_at timestamptz NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (record_id, submission_id)
);

CREATE TABLE submission_key (
    submission_id uuid NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (submission_id)
);

CREATE TABLE profile (
    record_id uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (record_id)
);

-- A trace finds its number in the tree through the batch it was committed with:
-- number = journal_batch.first_number + place.
CREATE TABLE trace (
    record_id uuid NOT NULL,
    trace_id uuid NOT NULL,
    at timestamptz NOT NULL,
    batch_id uuid NOT NULL,
    place bigint NOT NULL,
    salt bytea NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (record_id, trace_id)
);

CREATE TABLE journal_batch (
    batch_id uuid NOT NULL,
    leaves bytea NOT NULL,
    first_number bigint,
    PRIMARY KEY (batch_id)
);
CREATE INDEX journal_batch_waiting ON journal_batch (batch_id) WHERE first_number IS NULL;
CREATE INDEX journal_batch_number ON journal_batch (first_number) WHERE first_number IS NOT NULL;

CREATE TABLE journal_checkpoint (
    size bigint NOT NULL,
    at timestamptz NOT NULL,
    frontier bytea NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (size)
);

CREATE TABLE web_session (
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (token_hash)
);
CREATE INDEX web_session_expiry ON web_session (expires_at);
