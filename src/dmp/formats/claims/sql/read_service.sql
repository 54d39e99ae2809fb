-- ER_PRS_F: one row is one service.
INSERT INTO service
SELECT
    key, who, care_start,
    CASE WHEN is_one_day THEN known(soi) WHEN known(other_end) >= known(soi) THEN known(other_end) END,
    known(pre),
    nature,
    coalesce(number(PRS_ACT_QTE), 1),
    concat_ws(chr(9),
        coalesce(rpps(PFS_PRE_NUM), rpps(PSP_PPS_NUM), ''), speciality(PSP_SPE_COD),
        coalesce(rpps(PFS_EXE_NUM), ''), speciality(PSE_SPE_COD)
    ),
    finess_of_performer(PFS_EXE_NUM),
    coalesce(finess_with(ETB_PRE_FIN, place_key), finess_of_performer(PFS_PRE_NUM)),
    known(dis),
    minor_of(care_start, TRY_CAST(BEN_AMA_COD AS INTEGER), TRY_CAST(BEN_NAI_ANN AS INTEGER)),
    CASE
        WHEN whole_number(CPL_MAJ_TOP) >= 2 THEN {supplement}
        WHEN whole_number(DPN_QLF) = 71 OR whole_number(PRS_DPN_QLP) = 71 THEN {information}
        WHEN TRY_CAST(BEN_CDI_NIR AS INTEGER) IN (1, 5, 6, 11) THEN {secret}
        WHEN {secret_nature} THEN {secret}
        ELSE {loaded}
    END,
    CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN who IS NULL THEN '{person}|empty'
        WHEN soi IS NULL AND EXE_SOI_DTD IS NOT NULL THEN 'EXE_SOI_DTD|not a date'
        WHEN care_start IS NULL THEN 'EXE_SOI_DTD|empty'
        WHEN care_start > DATE '{today}' THEN 'EXE_SOI_DTD|a day to come'
        WHEN nature IS NULL THEN 'PRS_NAT_REF|not a number'
        -- What cannot be read may be a secret: it is not taken for none.
        WHEN BEN_CDI_NIR IS NOT NULL AND BEN_CDI_NIR <> 'NN' AND TRY_CAST(BEN_CDI_NIR AS DOUBLE) IS NULL
            THEN 'BEN_CDI_NIR|not a code'
        WHEN unclear(CPL_MAJ_TOP) THEN 'CPL_MAJ_TOP|not a number'
        WHEN unclear(DPN_QLF) THEN 'DPN_QLF|not a number'
        WHEN unclear(PRS_DPN_QLP) THEN 'PRS_DPN_QLP|not a number'
        WHEN pre IS NULL AND PRE_PRE_DTD IS NOT NULL THEN 'PRE_PRE_DTD|not a date'
        WHEN number_is_bad(PRS_ACT_QTE) THEN 'PRS_ACT_QTE|not a number'
    END
FROM (
    SELECT
        *,
        nine(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM, PRS_ORD_NUM,
            REM_TYP_AFF) AS key,
        fault_of_keys(DCT_ORD_NUM, dis, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, trt, ORG_CLE_NUM,
            PRS_ORD_NUM, REM_TYP_AFF, FLX_DIS_DTD, FLX_TRT_DTD) AS fault,
        {who} AS who,
        -- Care whose own day is not known was given on the day of its prescription, as far as is known.
        coalesce(known(soi), known(pre)) AS care_start,
        whole_number(PRS_NAT_REF) AS nature
    FROM (
        SELECT
            *, day_as(FLX_DIS_DTD, {days}) AS dis, day_as(FLX_TRT_DTD, {days}) AS trt, day_as(EXE_SOI_DTD, {days}) AS soi,
            CASE WHEN EXE_SOI_DTF <> EXE_SOI_DTD THEN day_as(EXE_SOI_DTF, {days}) END AS other_end,
            EXE_SOI_DTF IS NOT NULL AND EXE_SOI_DTF = EXE_SOI_DTD AS is_one_day,
            day_as(PRE_PRE_DTD, {days}) AS pre,
            luhn_key(ETB_PRE_FIN) AS place_key
        FROM {source}
    )
)
