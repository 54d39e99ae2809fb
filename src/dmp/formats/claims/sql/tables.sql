-- What the files become. `bad` says the column and the reason why a row cannot be taken; `fate` and `outcome`
-- are numbers of `Outcome` in outcomes.py. Row numbers (rowid) follow the order of the files.
-- `professionals` are four columns of the line with tabs between: the prescriber, his speciality, the performer,
-- his. A table of more than 15 columns is filled by one thread only within this memory (MEMORY in workbench.py).
CREATE TABLE service (
    key VARCHAR, who VARCHAR, care_start DATE, care_end DATE, prescribed_on DATE, nature INTEGER,
    quantity DOUBLE, professionals VARCHAR, place VARCHAR, prescriber_place VARCHAR, flow DATE,
    is_minor BOOLEAN, fate UTINYINT, bad VARCHAR
);
CREATE TABLE detail (
    part UTINYINT, key VARCHAR, rank VARCHAR, code VARCHAR, quantity DOUBLE, care_end DATE,
    place VARCHAR, bad VARCHAR
);
CREATE TABLE long_term (
    who VARCHAR, code VARCHAR, care_start DATE, care_end DATE, ald VARCHAR, flow DATE, fate UTINYINT,
    bad VARCHAR
);
CREATE TABLE stay (
    stay VARCHAR, who VARCHAR, place VARCHAR, care_start DATE, care_end DATE, named VARCHAR, bad VARCHAR
);
CREATE TABLE stay_group (
    stay VARCHAR, ghm VARCHAR, ghs VARCHAR, main VARCHAR, related VARCHAR, bad VARCHAR
);
CREATE TABLE stay_diagnosis (stay VARCHAR, code VARCHAR, bad VARCHAR);
CREATE TABLE stay_act (
    stay VARCHAR, code VARCHAR, delay INTEGER, activity VARCHAR, phase VARCHAR, quantity DOUBLE,
    bad VARCHAR
);
CREATE TABLE known_person (who VARCHAR, ins VARCHAR);
CREATE TABLE nature (number INTEGER, kind VARCHAR, letter VARCHAR, secret VARCHAR);
CREATE TABLE secret_prefix (system VARCHAR, prefix VARCHAR, minors BOOLEAN);
CREATE TABLE secret_code (part UTINYINT, code VARCHAR, minors BOOLEAN);
CREATE TABLE published_ins (ins VARCHAR);
CREATE TABLE bad_line (part UTINYINT, file UINTEGER, line UBIGINT, reason VARCHAR);
-- Rows that are rejected with what they belong to.
CREATE TABLE rejected (part UTINYINT, place_in BIGINT, outcome UTINYINT);
-- The lines of a share, each in a table of its own made in this form; it goes when they are fed.
CREATE TABLE line (
    person VARCHAR, gone VARCHAR, line_id VARCHAR, id_hash UBIGINT, mark BIGINT, body VARCHAR, flow DATE, part UTINYINT,
    place_in BIGINT, outcome UTINYINT
);
