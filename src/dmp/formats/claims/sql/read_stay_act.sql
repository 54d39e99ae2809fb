-- T_MCOaaA: technical acts of a stay.
INSERT INTO stay_act
SELECT
    concat_ws('|', '{year}', code(ETA_NUM), whole(RSA_NUM)),
    ccam_of(CDC_ACT) AS code,
    CASE WHEN TRY_CAST(ENT_DAT_DEL AS INTEGER) BETWEEN 0 AND 2000
        THEN TRY_CAST(ENT_DAT_DEL AS INTEGER) END,
    coalesce(whole(ACV_ACT), ''),
    coalesce(whole(PHA_ACT), ''),
    CASE WHEN number(NBR_EXE_ACT) > 0 THEN number(NBR_EXE_ACT) ELSE 1 END,
    CASE
        WHEN code(ETA_NUM) IS NULL THEN 'ETA_NUM|a join key is empty'
        WHEN RSA_NUM IS NULL THEN 'RSA_NUM|a join key is empty'
        WHEN code IS NULL THEN 'CDC_ACT|not a CCAM code'
        WHEN number_is_bad(NBR_EXE_ACT) THEN 'NBR_EXE_ACT|not a number'
    END
FROM {source}
