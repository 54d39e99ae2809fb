-- Stays with their group, diagnoses and acts. One secret fact makes the whole stay secret.
CREATE OR REPLACE TABLE stay_line AS
WITH diagnosis AS (
    SELECT stay, main AS code, 0 AS place FROM stay_group WHERE bad IS NULL AND main <> ''
    UNION ALL SELECT stay, related, 1 FROM stay_group WHERE bad IS NULL AND related <> ''
    UNION ALL SELECT stay, code, 2 FROM stay_diagnosis WHERE bad IS NULL
), diagnoses AS (
    SELECT stay, string_agg(code, ' ' ORDER BY place, code) AS codes FROM (
        SELECT stay, code, min(place) AS place FROM diagnosis GROUP BY stay, code
    ) GROUP BY stay
), told AS (
    SELECT stay, {MCO_D} AS part, code FROM diagnosis
    UNION ALL SELECT stay, {MCO_B}, ghm FROM stay_group WHERE bad IS NULL
    UNION ALL SELECT stay, {MCO_A}, code FROM stay_act WHERE bad IS NULL
), hidden AS (
    SELECT told.stay, bool_and(secret_code.minors) AS minors
    FROM told JOIN secret_code ON secret_code.part = told.part AND secret_code.code = told.code
    GROUP BY told.stay
), known AS (
    SELECT
        stay.*, stay.rowid AS place_in, person.ins,
        CASE
            WHEN person.ins IS NULL THEN {person_rejected}
            WHEN hidden.stay IS NOT NULL AND (NOT hidden.minors
                OR minor_at(person.ins, stay.care_start, NULL)) THEN {secret}
            ELSE {loaded}
        END AS fate
    FROM stay
    LEFT JOIN person ON person.who = stay.who
    LEFT JOIN hidden ON hidden.stay = stay.stay
    WHERE stay.bad IS NULL
)
SELECT
    {MCO_C} AS part, known.place_in,
    CASE WHEN known.fate = {loaded} AND stay_group.stay IS NULL THEN {no_group} ELSE known.fate END AS outcome,
    known.ins,
    md5(concat_ws('|', {MCO_C}, known.named)) AS id,
    CASE WHEN stay_group.ghs <> '' THEN 'stay' || chr(9) || 'ghs'
        ELSE 'stay' || chr(9) || 'ghm' END AS kind_and_system,
    CASE WHEN stay_group.ghs <> '' THEN stay_group.ghs ELSE stay_group.ghm END AS code,
    known.care_start,
    CASE WHEN known.care_end >= known.care_start THEN known.care_end END AS care_end,
    NULL::DATE AS prescribed_on,
    CASE WHEN stay_group.ghs <> '' THEN stay_group.ghm ELSE '' END AS nature,
    1.0 AS quantity,
    repeat(chr(9), 3) AS professionals,
    known.place, '' AS prescriber_place,
    NULL::DATE AS flow,
    coalesce(diagnoses.codes, '') AS diagnoses
FROM known
LEFT JOIN stay_group ON stay_group.stay = known.stay AND stay_group.bad IS NULL
LEFT JOIN diagnoses ON diagnoses.stay = known.stay
UNION ALL
SELECT
    {MCO_A}, stay_act.rowid,
    CASE
        WHEN known.stay IS NULL THEN {no_stay}
        WHEN known.fate = {person_rejected} THEN {no_stay}
        WHEN known.fate = {loaded} AND stay_act.activity = '4' THEN {elsewhere}
        ELSE known.fate
    END,
    known.ins,
    md5(concat_ws('|', {MCO_A}, known.named, stay_act.code, coalesce(stay_act.delay, -1),
        stay_act.activity, stay_act.phase)),
    CASE WHEN regexp_matches(stay_act.code, '^..Q[HJKLMN]') THEN 'imaging' ELSE 'care' END
        || chr(9) || 'ccam',
    stay_act.code,
    CASE WHEN known.care_start + coalesce(stay_act.delay, 0) <= coalesce(known.care_end, DATE '9999-12-31')
        THEN known.care_start + coalesce(stay_act.delay, 0) ELSE known.care_start END,
    NULL, NULL, '', stay_act.quantity, repeat(chr(9), 3), known.place, '', NULL, ''
FROM stay_act LEFT JOIN known ON known.stay = stay_act.stay
WHERE stay_act.bad IS NULL
UNION ALL
SELECT part, place_in, {no_stay}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL
FROM (
    SELECT {MCO_B} AS part, rowid AS place_in, stay FROM stay_group WHERE bad IS NULL
    UNION ALL SELECT {MCO_D}, rowid, stay FROM stay_diagnosis WHERE bad IS NULL
) ANTI JOIN stay USING (stay)
