-- T_MCOaaB: the group (GHM, GHS) and the main and related diagnoses of a stay.
INSERT INTO stay_group
SELECT
    concat_ws('|', '{year}', code(ETA_NUM), whole(RSA_NUM)),
    CASE WHEN regexp_full_match(code(GRG_GHM), '[0-9]{{2}}[A-Z][0-9]{{2}}[0-9A-Z]') THEN code(GRG_GHM)
        ELSE '' END AS ghm,
    coalesce(
        CASE WHEN TRY_CAST(GHS_NUM AS INTEGER) BETWEEN 1 AND 9998 THEN whole(GHS_NUM) END,
        CASE WHEN TRY_CAST(ETE_GHS_NUM AS INTEGER) BETWEEN 1 AND 9998 THEN whole(ETE_GHS_NUM) END, ''
    ) AS ghs,
    coalesce(code(DGN_PAL), ''),
    coalesce(code(DGN_REL), ''),
    CASE
        WHEN code(ETA_NUM) IS NULL THEN 'ETA_NUM|a join key is empty'
        WHEN RSA_NUM IS NULL THEN 'RSA_NUM|a join key is empty'
        WHEN NOT regexp_full_match(coalesce(code(DGN_PAL), 'A00'), '[A-Z][0-9]{{2}}[0-9A-Z+*]{{0,4}}')
            THEN 'DGN_PAL|not a CIM-10 code'
        WHEN NOT regexp_full_match(coalesce(code(DGN_REL), 'A00'), '[A-Z][0-9]{{2}}[0-9A-Z+*]{{0,4}}')
            THEN 'DGN_REL|not a CIM-10 code'
        WHEN ghm = '' AND ghs = '' THEN 'GRG_GHM|not a GHM'
    END
FROM {source}
