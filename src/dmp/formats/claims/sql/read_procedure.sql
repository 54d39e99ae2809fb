-- ER_CAM_F: technical acts; the quantity is that of the service.
INSERT INTO detail
SELECT
    {part},
    key,
    whole(CAM_ORD_NUM),
    code,
    NULL,
    NULL,
    NULL,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN code IS NULL THEN 'CAM_PRS_IDE|not a CCAM code'
    END
FROM (
    SELECT
        *,
        nine(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM, PRS_ORD_NUM,
            REM_TYP_AFF) AS key,
        fault_of_keys(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM,
            PRS_ORD_NUM, REM_TYP_AFF, FLX_DIS_DTD, FLX_TRT_DTD) AS fault,
        ccam_of(CAM_PRS_IDE) AS code
    FROM (SELECT *, day_as(FLX_DIS_DTD, {days}) AS dis, day_as(FLX_TRT_DTD, {days}) AS trt FROM {source})
)
