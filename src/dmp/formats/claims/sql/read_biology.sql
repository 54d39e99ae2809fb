-- ER_BIO_F: biology, coded with NABM without leading zeros.
INSERT INTO detail
SELECT
    {part},
    key,
    whole(BIO_ORD_NUM),
    code,
    coalesce(number(BIO_ACT_QSN), 1),
    NULL,
    NULL,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN code IS NULL THEN 'BIO_PRS_IDE|not an NABM code'
        WHEN number_is_bad(BIO_ACT_QSN) THEN 'BIO_ACT_QSN|not a number'
    END
FROM (
    SELECT
        *,
        nine(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM, PRS_ORD_NUM,
            REM_TYP_AFF) AS key,
        fault_of_keys(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM,
            PRS_ORD_NUM, REM_TYP_AFF, FLX_DIS_DTD, FLX_TRT_DTD) AS fault,
        CASE WHEN regexp_full_match(whole(BIO_PRS_IDE), '[1-9][0-9]{{0,4}}') THEN whole(BIO_PRS_IDE) END AS code
    FROM (SELECT *, day_as(FLX_DIS_DTD, {days}) AS dis, day_as(FLX_TRT_DTD, {days}) AS trt FROM {source})
)
