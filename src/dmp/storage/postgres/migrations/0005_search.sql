-- The text inside documents, for the search in a record.

-- The text of one document, sealed with the record's key; nothing of it stands in an index. `form` is that of
-- the reader that read it.
CREATE TABLE document_text (
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    form bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (record_id, document_id)
);
