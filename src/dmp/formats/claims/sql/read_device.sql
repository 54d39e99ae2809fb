-- ER_TIP_F: devices, and how long one is rented.
INSERT INTO detail
SELECT
    {part},
    key,
    whole(TIP_ORD_NUM),
    code,
    coalesce(number(TIP_ACT_QSN), 1),
    known(day_as(TIP_ACL_DTF, {days})),
    NULL,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN code IS NULL OR code = '0000000' THEN 'TIP_PRS_IDE|not an LPP code'
        WHEN number_is_bad(TIP_ACT_QSN) THEN 'TIP_ACT_QSN|not a number'
    END
FROM (
    SELECT
        *,
        nine(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM, PRS_ORD_NUM,
            REM_TYP_AFF) AS key,
        fault_of_keys(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM,
            PRS_ORD_NUM, REM_TYP_AFF, FLX_DIS_DTD, FLX_TRT_DTD) AS fault,
        CASE WHEN regexp_full_match(whole(TIP_PRS_IDE), '[0-9]{{1,7}}') THEN lpad(whole(TIP_PRS_IDE), 7, '0') END AS code
    FROM (SELECT *, day_as(FLX_DIS_DTD, {days}) AS dis, day_as(FLX_TRT_DTD, {days}) AS trt FROM {source})
)
