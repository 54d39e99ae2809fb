-- Of some details: those that have no service.
INSERT INTO rejected
WITH taken AS (
    SELECT part, rowid AS place_in, key FROM detail WHERE rowid >= {first} AND rowid < {behind} AND bad IS NULL
)
SELECT lost.part, lost.place_in,
    CASE WHEN lost.key IN (SELECT key FROM service WHERE bad IS NOT NULL AND key IS NOT NULL)
        THEN {service_rejected} ELSE {no_service} END
FROM (
    SELECT taken.* FROM taken ANTI JOIN (SELECT key FROM {others} WHERE bad IS NULL) AS known
        ON known.key = taken.key
) AS lost
