-- Of some services, in the order of their rows: those that have no detail.
INSERT INTO alone
WITH taken AS (
    SELECT *, rowid AS place_in FROM service WHERE rowid >= {first} AND rowid < {behind} AND bad IS NULL
)
SELECT taken.*
FROM taken ANTI JOIN (SELECT key FROM {others} WHERE part <> {ETE}) AS told ON told.key = taken.key
ORDER BY place_in
