-- ER_ETE_F: the establishment of a service, and the group of its stay ('' when it is no stay).
INSERT INTO detail
SELECT
    {part},
    key,
    '',
    code,
    NULL,
    NULL,
    finess(ETB_EXE_FIN),
    CASE
        WHEN fault IS NOT NULL THEN fault
    END
FROM (
    SELECT
        *,
        nine(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM, PRS_ORD_NUM,
            REM_TYP_AFF) AS key,
        fault_of_keys(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM,
            PRS_ORD_NUM, REM_TYP_AFF, FLX_DIS_DTD, FLX_TRT_DTD) AS fault,
        CASE WHEN regexp_full_match(coalesce(whole(ETE_GHS_NUM), ''), '[1-9][0-9]{{0,3}}') AND whole(ETE_GHS_NUM) <> '9999'
                THEN whole(ETE_GHS_NUM) ELSE '' END AS code
    FROM (SELECT *, day_as(FLX_DIS_DTD, {days}) AS dis, day_as(FLX_TRT_DTD, {days}) AS trt FROM {source})
)
