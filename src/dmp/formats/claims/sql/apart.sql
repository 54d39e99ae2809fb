-- What is the same for every share of the persons: the establishments of services; the services that have no
-- detail are put in `alone` by alone.sql.
CREATE TABLE place_of AS
SELECT key, max(place) AS place FROM detail WHERE part = {ETE} AND place <> '' GROUP BY key;

CREATE TABLE alone AS SELECT *, rowid AS place_in, false AS is_told FROM service LIMIT 0
