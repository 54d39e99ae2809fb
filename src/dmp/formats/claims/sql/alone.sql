-- Of some services: those that have no detail. With `is_told`, those that have one
-- and would stand by themselves without it: they may have come without it in an earlier delivery.
INSERT INTO alone
WITH taken AS (
    SELECT *, rowid AS place_in FROM service WHERE rowid >= {first} AND rowid < {behind} AND bad IS NULL
), details AS (
    SELECT key, bad IS NULL AS is_good FROM {others} WHERE part <> {ETE}
), looked_at AS (
    SELECT *, key IN (SELECT key FROM details) AS has_detail FROM taken
)
SELECT * EXCLUDE (has_detail), has_detail AS is_told
FROM looked_at
WHERE NOT has_detail OR (
    nature IN (SELECT number FROM nature WHERE kind <> 'part') AND key IN (SELECT key FROM details WHERE is_good)
)
