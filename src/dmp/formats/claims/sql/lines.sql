-- The lines of one share of the persons. What is not loaded comes first (person NULL, with its outcome; `gone`
-- says whose it would have been, for a line that came in an earlier delivery and is now left out); then the
-- lines, person by person. `body` is the row as COPY takes it, between the identifier of the record and the mark:
-- line_id, kind, system, code, care_start, care_end, prescribed_on, nature, quantity, prescriber,
-- prescriber_speciality, performer, performer_speciality, place, prescriber_place, flow, diagnoses. The identifier
-- of a line stands nowhere else: `line_id` is that of a line that is gone, `id_hash` a hash of either.
INSERT INTO {table}
WITH mine AS (
    SELECT who, ins FROM person WHERE share % {groups} = {group}
), of_detail AS (
    SELECT
        detail.part,
        detail.rowid AS place_in,
        CASE
            WHEN service.fate <> {loaded} THEN service.fate
            WHEN mine.ins IS NULL THEN {service_rejected}
            WHEN nature.secret = 'minors'
                AND minor_at(mine.ins, service.care_start, service.is_minor) THEN {secret}
            WHEN secret_code.part IS NOT NULL AND (NOT secret_code.minors
                OR minor_at(mine.ins, service.care_start, service.is_minor)) THEN {secret}
            WHEN detail.part = {ETE} AND (detail.code = '' OR nature.kind IS NOT NULL) THEN {elsewhere}
            ELSE {loaded}
        END AS outcome,
        mine.ins,
        md5(concat_ws('|', detail.part, service.key, coalesce(detail.rank, 'code ' || detail.code))) AS id,
        CASE detail.part
            WHEN {PHA} THEN 'medicine' || chr(9) || 'cip13'
            WHEN {UCD} THEN 'medicine' || chr(9) || 'ucd'
            WHEN {BIO} THEN 'biology' || chr(9) || 'nabm'
            WHEN {TIP} THEN 'device' || chr(9) || 'lpp'
            WHEN {ETE} THEN 'stay' || chr(9) || 'ghs'
            ELSE CASE
                WHEN nature.kind = 'imaging' OR regexp_matches(detail.code, '^..Q[HJKLMN]')
                    THEN 'imaging' ELSE 'care' END || chr(9) || 'ccam'
        END AS kind_and_system,
        detail.code,
        service.care_start,
        CASE
            WHEN detail.part = {TIP} AND detail.care_end >= service.care_start THEN detail.care_end
            WHEN detail.part = {ETE} OR service.care_end > service.care_start THEN service.care_end
        END AS care_end,
        service.prescribed_on,
        service.nature::VARCHAR AS nature,
        coalesce(detail.quantity, service.quantity) AS quantity,
        service.professionals,
        coalesce(place_of.place, service.place) AS place,
        service.prescriber_place, service.flow,
        '' AS diagnoses
    FROM detail
    JOIN service ON service.key = detail.key AND service.bad IS NULL
    JOIN mine ON mine.who = service.who
    LEFT JOIN nature ON nature.number = service.nature
    LEFT JOIN place_of ON place_of.key = detail.key
    LEFT JOIN secret_code ON secret_code.part = detail.part AND secret_code.code = detail.code
    WHERE detail.bad IS NULL
), of_service AS (
    SELECT
        {PRS} AS part,
        alone.place_in,
        CASE
            WHEN alone.is_told THEN {told_by_detail}
            WHEN alone.fate <> {loaded} THEN alone.fate
            WHEN mine.ins IS NULL THEN {person_rejected}
            WHEN nature.secret = 'minors'
                AND minor_at(mine.ins, alone.care_start, alone.is_minor) THEN {secret}
            WHEN coalesce(nature.kind, 'part') = 'part' THEN {elsewhere}
            ELSE {loaded}
        END AS outcome,
        mine.ins,
        md5(concat_ws('|', {PRS}, alone.key, '')) AS id,
        nature.kind || chr(9) || 'ngap' AS kind_and_system,
        coalesce(nature.letter, alone.nature::VARCHAR) AS code,
        alone.care_start,
        CASE WHEN alone.care_end > alone.care_start THEN alone.care_end END AS care_end,
        alone.prescribed_on,
        alone.nature::VARCHAR AS nature,
        alone.quantity,
        alone.professionals,
        coalesce(place_of.place, alone.place) AS place,
        alone.prescriber_place, alone.flow,
        '' AS diagnoses
    FROM alone
    JOIN mine ON mine.who = alone.who
    LEFT JOIN nature ON nature.number = alone.nature
    LEFT JOIN place_of ON place_of.key = alone.key
), of_long_term AS (
    SELECT
        {IMB} AS part,
        long_term.rowid AS place_in,
        CASE
            WHEN long_term.fate <> {loaded} THEN long_term.fate
            WHEN mine.ins IS NULL THEN {person_rejected}
            WHEN secret_code.part IS NOT NULL AND (NOT secret_code.minors
                OR minor_at(mine.ins, long_term.care_start, NULL)) THEN {secret}
            ELSE {loaded}
        END AS outcome,
        mine.ins,
        md5(concat_ws('|', {IMB}, mine.ins, long_term.code, long_term.care_start)) AS id,
        'long-term' || chr(9) || 'cim10' AS kind_and_system,
        long_term.code,
        long_term.care_start,
        long_term.care_end,
        NULL::DATE AS prescribed_on,
        long_term.ald AS nature,
        1.0 AS quantity,
        repeat(chr(9), 3) AS professionals,
        '' AS place, '' AS prescriber_place,
        long_term.flow,
        '' AS diagnoses
    FROM long_term
    JOIN mine ON mine.who = long_term.who
    LEFT JOIN secret_code ON secret_code.part = {IMB} AND secret_code.code = long_term.code
    WHERE long_term.bad IS NULL
), lines AS (
    SELECT * FROM of_detail UNION ALL SELECT * FROM of_service UNION ALL SELECT * FROM of_long_term
    UNION ALL SELECT * FROM stay_line
    WHERE share_of(ins) % {groups} = {group}
), written AS (
    SELECT
        part, place_in, outcome, ins, flow, id,
        outcome IN ({supplement}, {information}, {secret}, {told_by_detail})
            OR (outcome = {elsewhere} AND part NOT IN ({ETE}, {IMB})) AS is_gone,
        CASE WHEN outcome = {loaded} THEN concat_ws(chr(9),
            id, kind_and_system, code, care_start::VARCHAR, or_null(care_end),
            or_null(prescribed_on), nature, quantity_text(quantity), professionals, place, prescriber_place, or_null(flow), diagnoses
        ) END AS body
    FROM lines
)
SELECT
    CASE WHEN outcome = {loaded} THEN ins END AS person,
    CASE WHEN is_gone THEN ins END AS gone,
    CASE WHEN is_gone AND ins IS NOT NULL THEN id END AS line_id,
    CASE WHEN outcome = {loaded} OR is_gone THEN hash(id) END AS id_hash,
    (md5_number(body) >> 65)::BIGINT AS mark,
    body, flow, part::UTINYINT AS part, place_in, outcome::UTINYINT AS outcome
FROM written
-- The same order whenever it is read: a load that was cut goes on by the place of a row.
ORDER BY person NULLS FIRST, mark, line_id
