-- Whose rows they are: the INS that the file holds, or that the correspondence gives; its key put or checked.
CREATE OR REPLACE TABLE person AS
WITH seen AS (
    SELECT DISTINCT who FROM (
        SELECT who FROM service UNION ALL SELECT who FROM long_term UNION ALL SELECT who FROM stay
    ) WHERE who IS NOT NULL
), said AS (
    SELECT
        seen.who,
        known_person.who IS NOT NULL AS is_known,
        coalesce(known_person.ins, upper(replace(split_part(seen.who, '/', 1), ' ', ''))) AS said
    FROM seen LEFT JOIN known_person ON known_person.who = seen.who
), judged AS (
    SELECT
        who, said, is_known,
        looks_like_ins(said) AS is_formed,
        CASE WHEN looks_like_ins(said) THEN said[1:13] || key_of_ins(said) END AS checked
    FROM said
), found AS (
    SELECT
        who,
        CASE
            WHEN is_formed AND length(said) = 13 THEN checked
            WHEN is_formed AND (said = checked OR said IN (SELECT ins FROM published_ins)) THEN said
        END AS ins,
        CASE
            WHEN NOT is_formed AND NOT is_known AND {has_correspondence}
                THEN 'the person is not in the correspondence file'
            WHEN NOT is_formed THEN 'not an INS'
            WHEN length(said) = 15 AND said <> checked
                AND said NOT IN (SELECT ins FROM published_ins) THEN 'the key of the INS is wrong'
        END AS bad
    FROM judged
)
SELECT who, ins, bad, share_of(ins) AS share FROM found
