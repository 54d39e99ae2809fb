-- ER_UCD_F: medicines of hospitals beside the stay; the code of 7 digits.
INSERT INTO detail
SELECT
    {part},
    key,
    whole(UCD_ORD_NUM),
    code,
    coalesce(number(UCD_DLV_NBR), 1),
    NULL,
    NULL,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN code IS NULL THEN 'UCD_UCD_COD|not a UCD code'
        WHEN number_is_bad(UCD_DLV_NBR) THEN 'UCD_DLV_NBR|not a number'
    END
FROM (
    SELECT
        *,
        nine(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM, PRS_ORD_NUM,
            REM_TYP_AFF) AS key,
        fault_of_keys(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM,
            PRS_ORD_NUM, REM_TYP_AFF, FLX_DIS_DTD, FLX_TRT_DTD) AS fault,
        ucd_of(UCD_UCD_COD) AS code
    FROM (SELECT *, day_as(FLX_DIS_DTD, {days}) AS dis, day_as(FLX_TRT_DTD, {days}) AS trt FROM {source})
)
