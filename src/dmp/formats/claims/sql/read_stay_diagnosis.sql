-- T_MCOaaD: associated diagnoses of a stay.
INSERT INTO stay_diagnosis
SELECT
    concat_ws('|', '{year}', code(ETA_NUM), whole(RSA_NUM)),
    code(ASS_DGN),
    CASE
        WHEN code(ETA_NUM) IS NULL THEN 'ETA_NUM|a join key is empty'
        WHEN RSA_NUM IS NULL THEN 'RSA_NUM|a join key is empty'
        WHEN NOT regexp_full_match(coalesce(code(ASS_DGN), ''), '[A-Z][0-9]{{2}}[0-9A-Z+*]{{0,4}}')
            THEN 'ASS_DGN|not a CIM-10 code'
    END
FROM {source}
