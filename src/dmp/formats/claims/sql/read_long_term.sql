-- IR_IMB_R: conditions of long duration. Exemptions other than ALD (41, 43, 45) and codes of other
-- nomenclatures than CIM-10 are no fact for a record.
INSERT INTO long_term
SELECT
    who, code, known(began),
    CASE WHEN known(ended) >= known(began) THEN known(ended) END,
    CASE WHEN TRY_CAST(IMB_ALD_NUM AS INTEGER) BETWEEN 1 AND 98 THEN whole(IMB_ALD_NUM) ELSE '' END,
    coalesce(known(day_as(UPD_DTE, {days})), known(day_as(INS_DTE, {days}))),
    fate,
    CASE
        WHEN who IS NULL THEN '{person}|empty'
        WHEN fate <> {loaded} THEN NULL
        WHEN began IS NULL AND IMB_ALD_DTD IS NOT NULL THEN 'IMB_ALD_DTD|not a date'
        WHEN known(began) IS NULL THEN 'IMB_ALD_DTD|empty'
        WHEN ended IS NULL AND IMB_ALD_DTF IS NOT NULL THEN 'IMB_ALD_DTF|not a date'
        WHEN code IS NULL THEN 'MED_MTF_COD|not a CIM-10 code'
    END
FROM (
    SELECT
        *,
        {who} AS who,
        CASE WHEN regexp_full_match(code(MED_MTF_COD), '[A-Z][0-9]{{2}}[0-9A-Z+*]{{0,4}}')
            THEN code(MED_MTF_COD) END AS code,
        day_as(IMB_ALD_DTD, {days}) AS began,
        day_as(IMB_ALD_DTF, {days}) AS ended,
        CASE
            WHEN coalesce(TRY_CAST(IMB_ETM_NAT AS INTEGER), 41) NOT IN (41, 43, 45) THEN {elsewhere}
            WHEN coalesce(code(MED_NCL_IDT), 'CIM10') NOT IN ('CIM10', 'CIM-10') THEN {elsewhere}
            ELSE {loaded}
        END AS fate
    FROM {source}
)
