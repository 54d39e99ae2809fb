-- T_MCOaaC: whose stay it is and when. Before 2009 only the month of leaving was kept: its first day stands
-- for it then. The stay is named by establishment, number and year of leaving.
INSERT INTO stay
SELECT
    concat_ws('|', '{year}', code(ETA_NUM), whole(RSA_NUM)),
    who,
    finess_of_stay(ETA_NUM),
    care_start,
    care_end,
    concat_ws('|', code(ETA_NUM), whole(RSA_NUM), coalesce(
        whole(SOR_ANN), year(care_end)::VARCHAR, year(care_start)::VARCHAR
    )),
    CASE
        WHEN code(ETA_NUM) IS NULL THEN 'ETA_NUM|a join key is empty'
        WHEN RSA_NUM IS NULL THEN 'RSA_NUM|a join key is empty'
        WHEN who IS NULL THEN '{person}|empty'
        WHEN soi IS NULL AND EXE_SOI_DTD IS NOT NULL THEN 'EXE_SOI_DTD|not a date'
        WHEN entry IS NULL AND ENT_DAT IS NOT NULL THEN 'ENT_DAT|not a date'
        WHEN care_start IS NULL THEN 'ENT_DAT|empty'
        WHEN care_start > DATE '{today}' THEN 'ENT_DAT|a day to come'
    END
FROM (
    SELECT
        *,
        coalesce(known(soi), known(entry),
            TRY_CAST(whole(SOR_ANN) || '-' || lpad(whole(SOR_MOI), 2, '0') || '-01' AS DATE)
        ) AS care_start,
        coalesce(known(day_as(EXE_SOI_DTF, {days})), known(day_as(SOR_DAT, {days}))) AS care_end
    FROM (SELECT *, {who} AS who, day_as(EXE_SOI_DTD, {days}) AS soi, day_as(ENT_DAT, {days}) AS entry FROM {source})
)
