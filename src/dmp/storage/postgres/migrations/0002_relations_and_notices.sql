-- Consent and closeness: when a hidden document shows itself, who of a record's surroundings finds it, who
-- is told what, and what is reviewed. Local dates are those of Europe/Paris, as in domain/record/calendar.py.

-- A document hidden from its patient becomes visible one local month after its submission. Of the two instants
-- that a local time has in the night of October, the first one counts; PostgreSQL takes the second.
-- The table is written anew rather than updated: half the time, and no dead rows.
ALTER TABLE document ADD reveal_at timestamptz;
ALTER TABLE document
    ALTER COLUMN reveal_at TYPE timestamptz USING
        (submitted_at AT TIME ZONE 'Europe/Paris' + interval '1 month') AT TIME ZONE 'Europe/Paris'
        - CASE WHEN (
            (submitted_at AT TIME ZONE 'Europe/Paris' + interval '1 month') AT TIME ZONE 'Europe/Paris'
            - interval '1 hour'
        ) AT TIME ZONE 'Europe/Paris' = (submitted_at AT TIME ZONE 'Europe/Paris' + interval '1 month')
        THEN interval '1 hour' ELSE interval '0 hours' END,
    ALTER COLUMN reveal_at SET NOT NULL;

-- Documents hidden from their patient, with what comes next: the notice to him, then the reveal.
CREATE TABLE announcement (
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (record_id, document_id)
);
CREATE INDEX announcement_due ON announcement (due_at);
INSERT INTO announcement (record_id, document_id, due_at)
SELECT record_id, document_id, CASE
        WHEN (due.at - interval '1 hour') AT TIME ZONE 'Europe/Paris' = due.local
        THEN due.at - interval '1 hour' ELSE due.at END
FROM (
    SELECT record_id, document_id, local, local AT TIME ZONE 'Europe/Paris' AS at
    FROM (
        SELECT record_id, document_id,
            submitted_at AT TIME ZONE 'Europe/Paris' + interval '14 days' AS local
        FROM document WHERE hidden_from_patient AND status <> 'deleted'
    ) AS counted
) AS due;

-- What the readers of traces are filtered by. A JSON text may hold the escape of the octet 0, which jsonb
-- refuses: it is left out of what is read here, never of the text that is kept.
ALTER TABLE trace ADD caller_id text COLLATE "C", ADD document_ids uuid[], ADD secret boolean;
UPDATE trace SET
    caller_id = read.body -> 'caller' ->> 'id',
    document_ids = CASE WHEN coalesce(read.body ->> 'document_id', '') = '' THEN '{}'::uuid[]
        ELSE ARRAY[(read.body ->> 'document_id')::uuid] END,
    secret = false
FROM (
    SELECT record_id, trace_id, CASE WHEN position('\u0000' IN body) = 0 THEN body
        ELSE regexp_replace(body, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g') END::jsonb AS body
    FROM trace
) AS read
WHERE trace.record_id = read.record_id AND trace.trace_id = read.trace_id;
ALTER TABLE trace
    ALTER COLUMN caller_id SET NOT NULL,
    ALTER COLUMN document_ids SET NOT NULL,
    ALTER COLUMN secret SET NOT NULL;

CREATE TEMPORARY TABLE sheet_read ON COMMIT DROP AS
SELECT record_id, state, CASE WHEN position('\u0000' IN sheet) = 0 THEN sheet
    ELSE regexp_replace(sheet, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g') END::jsonb AS sheet
FROM health_record;

-- Every relation has a start and an end. An administrator was an identifier alone: his name is that of a consent
-- given to him, and he began at the last step of the record. What ended before it began never held.
UPDATE health_record SET sheet = (
    old.sheet || jsonb_build_object(
        'preferences', (old.sheet -> 'preferences') || jsonb_build_object('blocks', coalesce((
            SELECT jsonb_agg(
                CASE WHEN block.was ? 'since'
                THEN block.was - 'since' || jsonb_build_object('start', block.was -> 'since')
                ELSE block.was END ORDER BY block.rank)
            FROM jsonb_array_elements(old.sheet -> 'preferences' -> 'blocks')
                WITH ORDINALITY AS block (was, rank)
        ), '[]')),
        'relations', (old.sheet -> 'relations') || jsonb_build_object(
            'attending_doctor', CASE WHEN old.sheet -> 'relations' -> 'attending_doctor' ? 'since'
                THEN (old.sheet -> 'relations' -> 'attending_doctor') - 'since' || jsonb_build_object(
                    'start', old.sheet -> 'relations' -> 'attending_doctor' -> 'since')
                ELSE old.sheet -> 'relations' -> 'attending_doctor' END,
            'administrators', coalesce((
                SELECT jsonb_agg(
                    jsonb_build_object(
                        'person_id', administrator.id,
                        'name', coalesce((
                            SELECT consent ->> 'grantee_name'
                            FROM jsonb_array_elements(old.sheet -> 'relations' -> 'consents') AS consent
                            WHERE consent ->> 'grantee_id' = administrator.id
                                AND consent ->> 'grantee_name' <> ''
                            LIMIT 1
                        ), administrator.id),
                        'start', old.sheet -> 'steps' -> -1 -> 'at',
                        'end', NULL
                    ) ORDER BY administrator.rank)
                FROM jsonb_array_elements_text(old.sheet -> 'relations' -> 'administrators')
                    WITH ORDINALITY AS administrator (id, rank)
            ), '[]'),
            'consents', coalesce((
                SELECT jsonb_agg(
                    CASE WHEN (consent.was ->> 'end')::timestamptz < (consent.was ->> 'start')::timestamptz
                    THEN consent.was || jsonb_build_object('end', consent.was -> 'start')
                    ELSE consent.was END ORDER BY consent.rank)
                FROM jsonb_array_elements(old.sheet -> 'relations' -> 'consents')
                    WITH ORDINALITY AS consent (was, rank)
            ), '[]'),
            'representatives', coalesce((
                SELECT jsonb_agg(
                    CASE WHEN (parent.was ->> 'end')::timestamptz < (parent.was ->> 'start')::timestamptz
                    THEN parent.was || jsonb_build_object('end', parent.was -> 'start')
                    ELSE parent.was END ORDER BY parent.rank)
                FROM jsonb_array_elements(old.sheet -> 'relations' -> 'representatives')
                    WITH ORDINALITY AS parent (was, rank)
            ), '[]')
        )
    ))::text
FROM sheet_read AS old
WHERE health_record.record_id = old.record_id AND (
    old.sheet -> 'preferences' -> 'blocks' <> '[]'
    OR old.sheet -> 'relations' -> 'attending_doctor' <> 'null'
    OR old.sheet -> 'relations' -> 'administrators' <> '[]'
    OR old.sheet -> 'relations' -> 'consents' <> '[]'
    OR old.sheet -> 'relations' -> 'representatives' <> '[]'
);

-- Who acts for a record's holder, and the carers who were invited and have not answered.
CREATE TABLE relative_key (
    matricule text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (matricule, record_id)
);
CREATE INDEX relative_key_record ON relative_key (record_id);

CREATE TABLE invitation_key (
    code_digest text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (code_digest)
);
CREATE INDEX invitation_key_record ON invitation_key (record_id);

INSERT INTO relative_key (matricule, record_id)
SELECT DISTINCT parent ->> 'matricule', record_id
FROM sheet_read, jsonb_array_elements(sheet -> 'relations' -> 'representatives') AS parent
WHERE state <> 'destroyed';

-- The rights of parents end at the majority of the holder: from now on the calendar comes by for it.
UPDATE health_record SET due_at = majority.at
FROM (
    SELECT record_id, representatives,
        (born + interval '18 years' + CASE WHEN to_char(born, 'MMDD') = '0229' THEN interval '1 day'
            ELSE interval '0 days' END) AT TIME ZONE 'Europe/Paris' AS at
    FROM (
        SELECT record_id, sheet -> 'relations' -> 'representatives' AS representatives,
            (sheet -> 'traits' ->> 'birth_date')::timestamp AS born
        FROM sheet_read WHERE state = 'open'
    ) AS holder
) AS majority
WHERE health_record.record_id = majority.record_id AND EXISTS (
    SELECT FROM jsonb_array_elements(majority.representatives) AS parent
    WHERE parent ->> 'end' IS NULL
        OR greatest((parent ->> 'end')::timestamptz, (parent ->> 'start')::timestamptz) > majority.at
);

-- Notices. Those to the holder and who acts for him have no addressee; others are found by theirs.
CREATE TABLE notice (
    record_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    at timestamptz NOT NULL,
    addressee text COLLATE "C" NOT NULL,
    secret boolean NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (record_id, notice_id)
);
CREATE INDEX notice_newest ON notice (record_id, at DESC, notice_id DESC) WHERE addressee = '';

CREATE TABLE notice_key (
    addressee text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (addressee, record_id, notice_id)
);
CREATE INDEX notice_key_newest ON notice_key (addressee, at DESC, notice_id DESC);

CREATE TABLE emergency_access (
    record_id uuid NOT NULL,
    access_id uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    review text COLLATE "C" NOT NULL,
    reviewed_at timestamptz,
    reviewed_by text COLLATE "C" NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (record_id, access_id)
);
CREATE INDEX emergency_access_waiting ON emergency_access (opened_at, access_id)
    WHERE review <> 'justified';

CREATE TABLE heir_request (
    record_id uuid NOT NULL,
    request_id uuid NOT NULL,
    filed_at timestamptz NOT NULL,
    decision text COLLATE "C" NOT NULL,
    decided_at timestamptz,
    released_at timestamptz,
    body text NOT NULL,
    PRIMARY KEY (record_id, request_id)
);
CREATE INDEX heir_request_waiting ON heir_request (filed_at, request_id)
    WHERE decision <> 'refused' AND released_at IS NULL;

-- Who opened which record when, in the last day: one row for the person, one for the structure.
CREATE TABLE record_opening (
    opener text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (opener, record_id)
);
CREATE INDEX record_opening_time ON record_opening (opened_at);
CREATE INDEX record_opening_record ON record_opening (record_id);
