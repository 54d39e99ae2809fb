-- ER_PHA_F: boxes delivered in a pharmacy. An old code of 7 digits gives the one of 13.
INSERT INTO detail
SELECT
    {part},
    key,
    whole(PHA_ORD_NUM),
    code,
    CASE
        WHEN coalesce(number(PHA_ACT_QSN), 0) <> 0 THEN number(PHA_ACT_QSN)
        WHEN coalesce(number(PHA_DEC_QSU), 0) <> 0 THEN sign(number(PHA_DEC_QSU))
        ELSE coalesce(number(PHA_ACT_QSN), 1)
    END,
    NULL,
    NULL,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN code IS NULL THEN 'PHA_PRS_C13|not a CIP13'
        WHEN number_is_bad(PHA_ACT_QSN) THEN 'PHA_ACT_QSN|not a number'
    END
FROM (
    SELECT
        *,
        nine(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM, PRS_ORD_NUM,
            REM_TYP_AFF) AS key,
        fault_of_keys(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM,
            PRS_ORD_NUM, REM_TYP_AFF, FLX_DIS_DTD, FLX_TRT_DTD) AS fault,
        coalesce(
                CASE WHEN regexp_full_match(whole(PHA_PRS_C13), '34009[0-9]{{8}}') THEN whole(PHA_PRS_C13) END,
                CASE WHEN coalesce(whole(PHA_PRS_C13), '0') = '0'
                    AND regexp_full_match(whole(PHA_PRS_IDE), '[0-9]{{7}}') THEN cip13_of(whole(PHA_PRS_IDE)) END
            ) AS code
    FROM (SELECT *, day_as(FLX_DIS_DTD, {days}) AS dis, day_as(FLX_TRT_DTD, {days}) AS trt FROM {source})
)
