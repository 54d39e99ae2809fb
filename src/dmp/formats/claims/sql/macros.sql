-- How fields are read, whatever wrote them: SAS, R, pandas, a spreadsheet.

-- A whole number as text, without leading zeros or a `.0` at the end; anything else as it stands: a fraction is
-- not rounded, and `3.40093E+12` is no code that a spreadsheet kept. One octet says what it says already.
CREATE MACRO whole(x) AS CASE
    WHEN strlen(x) = 1 OR (x >= '1' AND x < ':' AND NOT contains(x, '.')) THEN x
    WHEN regexp_full_match(x, '[-+ ]*[0-9]+([.]0*)? *') THEN coalesce(TRY_CAST(x AS BIGINT)::VARCHAR, x)
    ELSE x
END;

-- The same as a number; NULL when it is none.
CREATE MACRO whole_number(x) AS CASE
    WHEN NOT contains(x, '.') OR regexp_full_match(x, '[-+ ]*[0-9]+[.]0* *') THEN TRY_CAST(x AS INTEGER)
END;

-- A field of a file whose lines are told apart by their ends alone: without the quotes around it.
CREATE MACRO unquoted(x) AS CASE
    WHEN strlen(x) > 1 AND starts_with(x, '"') AND ends_with(x, '"') THEN replace(x[2:-2], '""', '"') ELSE x
END;

-- Decimals with a comma: a code that went through a number is `71,0`.
CREATE MACRO without_comma(x) AS CASE
    WHEN contains(x, ',') THEN regexp_replace(x, '^([-+]?[0-9]+),0+$', '\1') ELSE x
END;

-- Whether a qualifier of ER_PRS_F says something that is no number: which rule it asks for is not known then.
CREATE MACRO unclear(x) AS x <> '0' AND whole_number(x) IS NULL;

-- A code: capitals and digits, without dots and blanks.
CREATE MACRO code(x) AS nullif(upper(replace(replace(x, '.', ''), ' ', '')), '');

-- Most are 1.
CREATE MACRO number(x) AS CASE WHEN x = '1' THEN 1 ELSE TRY_CAST(replace(x, ',', '.') AS DOUBLE) END;

CREATE MACRO number_is_bad(x) AS
    x IS NOT NULL AND x <> '1' AND NOT coalesce(isfinite(number(x)) AND abs(number(x)) < 10000000, false);

-- 8 digits begin with the year when a year, a month and a day can be read so, else with the day (PMSI); a
-- leading zero may be lost. What can be read as neither may still be a day that stands for "not known".
CREATE MACRO day_of_number(n) AS CASE
    WHEN n // 10000 BETWEEN 1900 AND 2099 AND n // 100 % 100 BETWEEN 1 AND 12
        THEN TRY(make_date(n // 10000, n // 100 % 100, n % 100))
    WHEN n BETWEEN 1000000 AND 31129999 AND n // 10000 % 100 BETWEEN 1 AND 12
        THEN TRY(make_date(n % 10000, n // 10000 % 100, n // 1000000))
    WHEN n BETWEEN 15000101 AND 99991231
        THEN TRY(make_date(n // 10000, n // 100 % 100, n % 100))
END;

-- With slashes or dashes, the year first or last, of four digits.
CREATE MACRO day_with_marks(x) AS CASE
    WHEN x[3] = '/' THEN try_strptime(x, '%d/%m/%Y')::DATE
    WHEN x[5] = '-' THEN try_strptime(x, '%Y-%m-%d')::DATE
    WHEN x[5] = '/' AND length(x) = 10 THEN try_strptime(x, '%Y/%m/%d')::DATE
    WHEN x[3] = '-' THEN try_strptime(x, '%d-%m-%Y')::DATE
    WHEN x[2] = '/' THEN try_strptime(x, '%d/%m/%Y')::DATE
END;

-- 2024-01-31, 31/01/2024, 31JAN2024, 20240131, 31012024; also 2024/01/31, 31-01-2024, 31.01.2024, 1/2/2024 and
-- 1FEB2024; a time of day may follow. The form is chosen before it is read: a reading that fails costs ten times
-- one that does not.
CREATE MACRO day(x) AS CASE
    WHEN x IS NULL THEN NULL
    WHEN contains(x, '/') OR contains(x, '-') THEN CASE
        WHEN length(x) = 10 OR (length(x) IN (8, 9) AND (x[-5] = '/' OR x[5] = '-')) THEN day_with_marks(x)
        WHEN x[11] IN (' ', 'T') THEN day_with_marks(x[1:10])
    END
    WHEN length(x) = 9 THEN try_strptime(x, '%d%b%Y')::DATE
    WHEN x[10] = ':' THEN try_strptime(x[1:9], '%d%b%Y')::DATE
    WHEN length(x) = 8 AND x[2] >= 'A' THEN try_strptime(x, '%d%b%Y')::DATE
    WHEN x[3] = '.' THEN try_strptime(x[1:10], '%d.%m.%Y')::DATE
    ELSE day_of_number(TRY_CAST(x AS INTEGER))
END;

-- The same where most days of a file have one form, of `octets`: that one is tried first, without choosing.
CREATE MACRO day_as(x, form, octets) AS
    coalesce(CASE WHEN strlen(x) = octets THEN try_strptime(x, form)::DATE END, day(x));

-- Days before 1900 stand for "not known" in the SNDS (1 January 1600, 1 January of the year 1), and so do those
-- of the end of time (31 December 9999).
CREATE MACRO known(day) AS CASE WHEN day >= DATE '1900-01-01' AND day < DATE '2200-01-01' THEN day END;

-- The nine keys of a service as one text; every table writes them through this. `dis` and `trt` are days. A row
-- that lacks one of them is not taken. (concat takes half the time of concat_ws.)
CREATE MACRO nine(dct, dis, emt, ord, typ, trt, org, prs, rem) AS concat(
    whole(dct), '|', dis::VARCHAR, '|', whole(emt), '|', whole(ord), '|', whole(typ), '|', trt::VARCHAR, '|',
    upper(org), '|', whole(prs), '|', whole(rem)
);

CREATE MACRO fault_of_keys(dct, dis, emt, ord, typ, trt, org, prs, rem, dis_said, trt_said) AS CASE
    WHEN dct IS NULL THEN 'DCT_ORD_NUM|a join key is empty'
    WHEN dis_said IS NULL THEN 'FLX_DIS_DTD|a join key is empty'
    WHEN emt IS NULL THEN 'FLX_EMT_NUM|a join key is empty'
    WHEN ord IS NULL THEN 'FLX_EMT_ORD|a join key is empty'
    WHEN typ IS NULL THEN 'FLX_EMT_TYP|a join key is empty'
    WHEN trt_said IS NULL THEN 'FLX_TRT_DTD|a join key is empty'
    WHEN org IS NULL THEN 'ORG_CLE_NUM|a join key is empty'
    WHEN prs IS NULL THEN 'PRS_ORD_NUM|a join key is empty'
    WHEN rem IS NULL THEN 'REM_TYP_AFF|a join key is empty'
    WHEN dis IS NULL THEN 'FLX_DIS_DTD|not a date'
    WHEN trt IS NULL THEN 'FLX_TRT_DTD|not a date'
END;

-- RPPS: 11 digits, or 8 and the RPPS. Anything else is no RPPS (the SNDS has pseudonyms here): NULL. Most begin
-- with 1: a number that is written back as it was is told in half the time of a pattern.
CREATE MACRO rpps(x) AS CASE
    WHEN strlen(x) = 11
        AND ((x >= '1' AND TRY_CAST(x AS BIGINT)::VARCHAR = x) OR regexp_full_match(x, '[0-9]{11}')) THEN x
    WHEN strlen(x) = 12 AND regexp_full_match(x, '8[0-9]{11}') THEN x[2:12]
    WHEN regexp_full_match(x, '8?[0-9]{11}\.0+') THEN right(whole(x), 11)
END;

CREATE MACRO digit_at(x, place) AS coalesce(TRY_CAST(x[place] AS INTEGER), 0);

-- The key of 8 digits (as a number): from the left, every second one is doubled, and its tens are added to its
-- units: a 5 and more have one ten.
CREATE MACRO luhn_key_of(n) AS (10 - (
    n // 10000000 + n // 100000 % 10 + n // 1000 % 10 + n // 10 % 10
    + 2 * (n // 1000000 % 10 + n // 10000 % 10 + n // 100 % 10 + n % 10)
    + n // 5000000 % 2 + n // 50000 % 2 + n // 500 % 2 + n // 5 % 2
) % 10) % 10;

-- Of a FINESS without its key; the letter of a Corsican one counts as 0.
CREATE MACRO luhn_key(x) AS luhn_key_of(coalesce(
    TRY_CAST(x[1:8] AS INTEGER), TRY_CAST(x[1] || '0' || x[3:8] AS INTEGER)
))::VARCHAR;

-- FINESS of an establishment, NULL when it is none; the SNDS writes 8 characters, without the key. `luhn` is
-- luhn_key(x), worked out before: within a CASE each of its digits would be taken out of the text anew, four times
-- as long.
CREATE MACRO finess_with(x, luhn) AS CASE
    WHEN strlen(x) = 9 AND regexp_full_match(x, '[0-9][0-9ABab][0-9]{7}') THEN upper(x)
    WHEN strlen(x) = 8 AND regexp_full_match(x, '[0-9][0-9ABab][0-9]{6}') THEN upper(x) || luhn
    WHEN regexp_full_match(x, '[0-9]{9}\.0+') THEN whole(x)
    WHEN regexp_full_match(x, '[0-9]{8}\.0+') THEN whole(x) || luhn
END;

CREATE MACRO finess(x) AS coalesce(finess_with(x, luhn_key(x)), '');

-- A pharmacy or a laboratory stands by its FINESS where a professional stands by his RPPS.
CREATE MACRO finess_of_performer(x) AS CASE
    WHEN x IS NULL THEN ''
    WHEN strlen(x) = 9 AND regexp_full_match(x, '[0-9][0-9ABab][0-9]{7}') AND luhn_key(x) = x[9]
        THEN upper(x)
    ELSE ''
END;

-- In the PMSI it has its 9 characters; a leading zero may have been lost.
CREATE MACRO finess_of_stay(x) AS CASE
    WHEN regexp_full_match(coalesce(whole(x), ''), '[0-9]{8}') THEN '0' || whole(x)
    ELSE finess(x)
END;

CREATE MACRO speciality(x) AS CASE
    WHEN TRY_CAST(x AS INTEGER) BETWEEN 1 AND 98 THEN whole(x) ELSE ''
END;

-- An INS, its key put or checked; '' when it is none. Corsican departments count as 19 and 18.
CREATE MACRO counted_as(x) AS TRY_CAST(x[1:5] || CASE x[6:7]
    WHEN '2A' THEN '19' WHEN '2B' THEN '18' ELSE x[6:7]
END || x[8:13] AS BIGINT);

CREATE MACRO key_of_ins(x) AS lpad((97 - counted_as(x) % 97)::VARCHAR, 2, '0');

CREATE MACRO looks_like_ins(x) AS regexp_full_match(x,
    '[1-8][0-9]{2}(0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])([0-9]{2}|2[AB])[0-9]{6}([0-9]{2})?');

-- A CCAM code: four letters and three digits. What follows them (activity, phase, the extension of the PMSI as in
-- `JNJD002-01`) says nothing else about the act.
CREATE MACRO ccam_of(x) AS CASE
    WHEN regexp_full_match(code(x), '[A-Z]{4}[0-9]{3}([^A-Z0-9].*|[0-9]{0,6})') THEN code(x)[1:7]
END;

-- A UCD of 7 digits; one of 13 holds it before its key.
CREATE MACRO ucd_of(x) AS CASE
    WHEN regexp_full_match(whole(x), '[0-9]{7}') THEN whole(x)
    WHEN regexp_full_match(whole(x), '34008[0-9]{8}') THEN whole(x)[6:12]
END;

-- Which share of the persons somebody is in: as good as drawn, and the same on every machine.
CREATE MACRO share_of(ins) AS coalesce((md5_number(ins) % 1000003)::INTEGER, 0);

-- The EAN key of a CIP13 made of an old CIP of 7 digits.
CREATE MACRO cip13_of(x) AS '34009' || x || ((10 - (
    24 + digit_at(x, 2) + digit_at(x, 4) + digit_at(x, 6)
    + 3 * (digit_at(x, 1) + digit_at(x, 3) + digit_at(x, 5) + digit_at(x, 7))
) % 10) % 10)::VARCHAR;

-- A quantity as text. Most are 1, and the text of a DOUBLE takes as long to write as that of four days.
CREATE MACRO quantity_text(x) AS CASE WHEN x = 1 THEN '1.0' ELSE x::VARCHAR END;

-- The text of one column of a COPY; codes never hold what would have to be escaped.
CREATE MACRO or_null(x) AS coalesce(x::VARCHAR, '\N');

-- Whether somebody was, or may have been, a minor: by the age of the row (from 1000: in months), by the year
-- of birth; NULL where neither tells. In doubt he was: what is asked is what to keep secret.
CREATE MACRO minor_of(care, age, birth_year) AS CASE
    WHEN age >= 1000 THEN true
    WHEN age BETWEEN 1 AND 130 THEN age < 18
    WHEN birth_year BETWEEN 1850 AND 2200 THEN year(care) - birth_year <= 18
END;

-- By the two digits of the year in the INS too: who turned 17 at most that year was a minor, whatever the row
-- says (it may hold the age of the insured parent); who turned 18 was one where the row does not tell.
CREATE MACRO minor_at(ins, care, said) AS coalesce(said, false)
    OR (year(care) - TRY_CAST(ins[2:3] AS INTEGER)) % 100 < CASE WHEN said IS NULL THEN 19 ELSE 18 END;
