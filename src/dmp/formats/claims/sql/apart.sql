-- What is the same for every share of the persons: the establishments of services, the services that have no
-- detail, and the details that have no service.
CREATE TABLE place_of AS
SELECT key, max(place) AS place FROM detail WHERE part = {ETE} AND place <> '' GROUP BY key;

CREATE TABLE alone AS
SELECT service.*, service.rowid AS place_in
FROM service ANTI JOIN (SELECT key FROM detail WHERE part <> {ETE}) AS told ON told.key = service.key
WHERE service.bad IS NULL
ORDER BY service.rowid;

INSERT INTO line (part, place_in, outcome)
SELECT lost.part, lost.place_in,
    CASE WHEN lost.key IN (SELECT key FROM service WHERE bad IS NOT NULL AND key IS NOT NULL)
        THEN {service_rejected} ELSE {no_service} END
FROM (
    SELECT detail.part, detail.rowid AS place_in, detail.key
    FROM detail ANTI JOIN (SELECT key FROM service WHERE bad IS NULL) AS taken ON taken.key = detail.key
    WHERE detail.bad IS NULL
) AS lost;
