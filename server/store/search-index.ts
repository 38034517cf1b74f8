/**
 * A step of the schema: the index of what people wrote. Triggers keep it right, whatever writes a
 * message; `searchable` is a function of ours (see searchable.ts), which gives the terms with spaces
 * between them, and the tokenizer takes them as they are. A step that makes the table of the messages
 * anew has to make the triggers anew.
 */
export const INDEX = `CREATE VIRTUAL TABLE found USING fts5 (
  terms,
  content = '',
  contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
);
CREATE TRIGGER message_written AFTER INSERT ON messages
WHEN new.kind IN ('said', 'poll') BEGIN
  INSERT INTO found (rowid, terms)
    VALUES (new.id, searchable(new.room, new.kind, new.body));
END;
CREATE TRIGGER message_changed AFTER UPDATE OF kind, body ON messages
WHEN old.kind = 'said' OR new.kind <> old.kind BEGIN
  DELETE FROM found WHERE rowid = old.id;
  INSERT INTO found (rowid, terms)
    SELECT new.id, searchable(new.room, new.kind, new.body) WHERE new.kind IN ('said', 'poll');
END;
CREATE TRIGGER message_gone AFTER DELETE ON messages BEGIN
  DELETE FROM found WHERE rowid = old.id;
END;
INSERT INTO found (rowid, terms)
  SELECT id, searchable(room, kind, body) FROM messages WHERE kind IN ('said', 'poll')
  ORDER BY id;`;
