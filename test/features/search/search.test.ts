import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { matchOf, searcher } from '../../../server/features/search/search.ts';
import { nameKey, parseQuery, type Query } from '../../../server/features/search/search-query.ts';
import { termsOf } from '../../../server/features/search/terms.ts';
import { edited, posted, roomAction, who } from '../../support/events.ts';
import { hostileText } from '../../support/hostile.ts';
import { SPEC, suggested } from '../../support/poll.ts';

const MAX_ID = Number.MAX_SAFE_INTEGER;

/** A store with these messages, and what is found in it. */
function openStore(...texts: readonly string[]) {
  const db = openDatabase(':memory:');
  const appendGroup = appender(db);
  const { search } = searcher(db, ':memory:');
  const append = (...events: readonly Event[]) => appendGroup(events);
  append(...texts.map((text) => posted(text)));
  const find = (text: string, { room = 'class', before = MAX_ID, limit = 20 } = {}) =>
    search({ text, rooms: [room], before, limit }) ?? { hits: [], next: undefined, coverage: 1 };
  const finds = (...query: Parameters<typeof find>) =>
    find(...query).hits.map(({ message }) => message);
  const bodies = (text: string) => finds(text).map(({ body }) => body);
  return { append, search, find, finds, bodies };
}

function queryOf(text: string): Query {
  const query = parseQuery(text);
  assert.ok(query);
  return query;
}

suite('A search finds', () => {
  for (const [what, text, query] of [
    ['one Chinese character', '今天天气很好', '气'],
    ['two Chinese characters', '今天天气很好', '天气'],
    ['four Chinese characters', '今天天气很好', '天天气很'],
    ['Chinese and English', '我用 TypeScript 写的', '写 typescript'],
    ['Chinese next to English', '用TypeScript写的', '"用typescript写"'],
    ['a word', 'Good morning, everybody', 'morning'],
    ['a word of one letter', 'plan B it is', 'b'],
    ['the beginning of a word', 'Good morning', 'morn'],
    ['words in any order', 'Good morning', 'morning good'],
    ['words in a row', 'say good morning to all', '"good morning"'],
    ['whatever its case', 'ÉCOLE', 'école'],
    ['whatever its accents', 'Crème brûlée', 'creme BRULEE'],
    ['whatever its width', 'ＡＢＣ １２３', 'abc 123'],
    ['letters composed and not', 'cafe\u0301', 'café'],
    ['an emoji', 'well done 👍🏽', '👍'],
    ['an emoji of several', 'us 👨‍👩‍👧 here', '👨‍👩‍👧'],
    ['a flag', 'to 🇩🇪 and back', '🇩🇪'],
    ['Japanese', 'こんにちは、せかい', 'せかい'],
    ['Korean by a part of a word', '학교에서 만나요', '학교'],
    ['Thai', 'สวัสดีครับ', 'สวัสดี'],
    ['Russian', 'Доброе утро', 'УТРО'],
    ['what has signs in it', 'see server/store/open.ts, line 9', 'store/open.ts'],
    ['a number', 'room 4711', '4711'],
    ['a number with a sign', 'for adults of 18+', '18'],
    ['kana of half the width', '２号 ﾃﾞｰﾀ', 'データ'],
    ['kana of the whole width by half of it', 'データ', 'ﾃﾞｰﾀ'],
    ['a digit by another width', '２号 ﾃﾞｰﾀ', '2号'],
    ['a sharp s', 'Straße', 'strasse'],
    ['a sharp s by itself', 'STRASSE', 'straße'],
    ['ligatures', 'the ﬁnal ofﬁce', 'final office'],
    ['a company in one sign', '㍿タイフーン', '株式会社'],
    ['Korean in parts', '\u1112\u1161\u11ab\u1100\u1173\u11af', '한글'],
    ['a word with a soft hyphen in it', 'Donau\u00addampf', 'donaudampf'],
    ['Greek whatever its sigma', 'ΣΟΦΟΣ', 'σοφος'],
  ] as const) {
    test(what, () => {
      const { bodies } = openStore('something else', text, '别的');
      assert.deepEqual(bodies(query), [text]);
    });
  }

  test('words that differ only in their signs: C, C++ and C#', () => {
    const { bodies } = openStore(
      'I know C',
      'I know C++.',
      'I know C#, too',
      'plan a+b',
      'C++11 here',
    );
    assert.deepEqual(bodies('C'), ['I know C']);
    assert.deepEqual(bodies('c++'), ['C++11 here', 'I know C++.']);
    assert.deepEqual(bodies('C#'), ['I know C#, too']);
    assert.deepEqual(bodies('"know c++"'), ['I know C++.']);
    assert.deepEqual([bodies('a'), bodies('b')], [['plan a+b'], ['plan a+b']]);
  });

  test('what it marks, where the text has another width than the query', () => {
    const { find } = openStore('２号 ﾃﾞｰﾀ です');
    const [hit] = find('データ').hits;
    const marked = hit?.snippet.filter(({ isMatch }) => isMatch).map(({ text }) => text);
    assert.deepEqual(marked, ['ﾃﾞｰﾀ']);
  });

  test('only messages with all of it, and in its order where that is requested', () => {
    const { bodies } = openStore('good morning', '天气', 'unsaid');
    for (const query of ['good evening', '"morning good"', '气天', 'said', '"goo"', 'mo']) {
      assert.deepEqual(bodies(query), [], query);
    }
  });

  test('the newest first, in pages', () => {
    const { finds } = openStore(...Array.from({ length: 50 }, (_, n) => `number ${n}`));
    const first = finds('number');
    assert.deepEqual(
      [first.length, first[0]?.body, first.at(-1)?.body],
      [20, 'number 49', 'number 30'],
    );
    const second = finds('number', { before: first.at(-1)?.id ?? 0 });
    assert.deepEqual([second[0]?.body, second.at(-1)?.body], ['number 29', 'number 10']);
  });

  test('this room alone', () => {
    const { append, finds } = openStore('hello');
    append({ ...posted('hello'), room: 'Class' });
    assert.deepEqual(
      finds('hello', { room: 'Class' }).map(({ id }) => id),
      [2],
    );
    assert.deepEqual(finds('hello', { room: 'other' }), []);
    // A room is a term of the index, and nobody can search for it.
    assert.deepEqual(finds(`#${Buffer.from('class').toString('hex')}`), []);
  });

  test('nothing that was deleted or cleared, and what was posted after', () => {
    const { append, bodies } = openStore('hello 1', 'hello 2');
    const moderator = who('moderator', { isModerator: true });
    append({ kind: 'message-deleted', room: 'class', who: moderator, id: 1, at: 0 });
    assert.deepEqual(bodies('hello'), ['hello 2']);
    append(roomAction({ type: 'history-cleared' }, moderator));
    assert.deepEqual(bodies('hello'), []);
    append(posted('hello 3'));
    assert.deepEqual(bodies('hello'), ['hello 3']);
  });

  test('an edited message, by its current text', () => {
    const { append, bodies } = openStore('before');
    assert.deepEqual(bodies('before'), ['before']);
    append(edited(1, 'after'));
    assert.deepEqual([bodies('before'), bodies('after')], [[], ['after']]);
  });

  test('a poll by its question and its options, and not by its counts', () => {
    const { append, finds } = openStore();
    const poll = {
      question: 'Where to?',
      options: ['the lake', '山'],
      maxChoices: 1,
      canChangeVote: true,
      resultsVisibility: 'after-close',
      isAnonymous: false,
      kind: 'choice',
      minutes: null,
    } as const;
    append({
      kind: 'poll-created',
      room: 'class',
      who: who('me'),
      cid: null,
      poll,
      files: [],
      at: 0,
    });
    const voter = who('a-voter', { name: 'Zoe' });
    append({ kind: 'votes-set', room: 'class', who: voter, id: 1, options: [0], at: 0 });
    append({ kind: 'poll-tallied', room: 'class', id: 1, at: 0 });
    for (const query of ['where', 'lake', '山']) assert.equal(finds(query).length, 1, query);
    for (const query of ['1', 'zoe', 'counts', 'closed'])
      assert.equal(finds(query).length, 0, query);
    append({ kind: 'message-deleted', room: 'class', who: who('me'), id: 1, at: 0 });
    assert.equal(finds('lake').length, 0);
  });
});

suite('A search', () => {
  test('for any text is rejected or finds messages, and breaks nothing', () => {
    const texts = [
      '"',
      'AND',
      'x:y',
      'foo-bar',
      '*',
      'NEAR(a b)',
      '^a',
      '{a}:b',
      '\0',
      '"a" OR',
      "'--",
    ];
    const { finds } = openStore(...texts);
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...texts), hostileText), (text) => {
        assert.ok(finds(text).length <= texts.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('finds any message by all of its words in a row', () => {
    const { append, finds } = openStore();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }), (text) => {
        append(posted(text));
        const row = `"${text.replaceAll(/["“”]/g, ' ')}"`;
        if (parseQuery(row)?.phrases.length) assert.equal(finds(row)[0]?.body, text);
      }),
      { numRuns: 1_000 },
    );
  });

  test('for a long row of letters finds it by all of them, although the index has only its beginning', () => {
    const row = '春眠不觉晓处处闻啼鸟夜来风雨声花落知多少'.repeat(2);
    const { bodies } = openStore(`${row}了`, `${row}吗`, row);
    assert.deepEqual(bodies(`${row}吗`), [`${row}吗`]);
    assert.equal(bodies(row).length, 3);
  });

  test('queries the index for a few terms, however many there are', () => {
    for (const [text, count] of [
      ['啊'.repeat(200), 24],
      [Array.from({ length: 10 }, () => '啊'.repeat(19)).join(' '), 20],
      ['one two "three four"', 4],
    ] as const) {
      const terms = matchOf(['class'], queryOf(text)).match(/(?<=[" ])[^" #*()]+(?=[" ])/g);
      assert.equal(terms?.filter((term) => term !== 'AND').length, count, text);
    }
    const [, ...phrases] = matchOf(['class'], queryOf('春眠 morn')).split(' AND ');
    assert.deepEqual(phrases, ['"春 眠"', '"morn"*']);
    assert.equal(matchOf([], queryOf('春眠 morn')), '"春 眠" AND "morn"*');
  });

  for (const share of [1, 0.9, 0.7, 0.1])
    test(`finds only what is in its rooms, of which ${share * 100} % of the messages are`, () => {
      const { append, find } = openStore();
      const isInClass = (n: number) => (n % 10) / 10 < share;
      const events = Array.from({ length: 300 }, (_, n) => ({
        ...posted(`number ${n}`),
        room: isInClass(n) ? 'class' : 'other',
      }));
      append(...events);
      for (const room of ['class', 'other']) {
        const found: string[] = [];
        for (let before: number | undefined = MAX_ID; before !== undefined; ) {
          const { hits, next } = find('number', { room, before });
          found.push(...hits.map(({ message }) => message.body));
          before = next;
        }
        const there = events.filter((event) => event.room === room).map(({ body }) => body);
        assert.deepEqual(found, there.toReversed());
      }
    });

  test('reads a limited number of messages, and the next search continues from there', () => {
    const row = '啊'.repeat(30);
    const { find } = openStore(`${row}吗`, ...Array.from({ length: 250 }, () => `${row}了`));
    const pages: unknown[] = [];
    let next: number | undefined = MAX_ID;
    while (next !== undefined) {
      const { hits, ...found } = find(`${row}吗`, { before: next });
      pages.push(hits.map(({ message: { id } }) => id));
      next = found.next;
    }
    assert.deepEqual(pages, [[], [], [1]]);
  });

  test('uses of a run of letters and marks no more than a term can hold', () => {
    const term = (text: string) => [...termsOf(text)].map((found) => found.term);
    for (const letter of ['ﷺ', 'ﷺa', 'a\u0301', 'Ǆ', '\u0344']) {
      const run = `a${letter.repeat(4_000 / letter.length)}`;
      const normalized: number[] = [];
      const { normalize } = String.prototype;
      String.prototype.normalize = function (form) {
        normalized.push(this.length);
        return normalize.call(this, form);
      };
      try {
        assert.equal(term(run).length, 1);
      } finally {
        String.prototype.normalize = normalize;
      }
      assert.ok(Math.max(...normalized) <= 5_000, `${letter}: ${normalized}`);
      assert.ok((term(run)[0]?.length ?? 0) <= 64);
    }
  });

  test('for too many letters or words is rejected', () => {
    const { search } = openStore();
    for (const text of ['x'.repeat(201), 'a b c d e f g h i j k']) {
      assert.equal(parseQuery(text), undefined);
      assert.equal(search({ rooms: ['class'], text, before: MAX_ID, limit: 20 }), undefined);
    }
    assert.equal(queryOf('a - b').phrases.length, 2);
  });
});

suite('The author in a search', () => {
  /** Messages of several users, and the texts that a query finds. */
  function openAuthors() {
    const store = openStore();
    for (const [name, text] of [
      ['Ana', 'the release'],
      ['Ana Maria', 'a release, too'],
      ['小明', 'release 发布'],
      ['Zoë', 'lunch'],
      [null, 'from ana: the release'],
    ] as const)
      store.append(posted(text, null, who(name ?? 'guest', { name })));
    return store;
  }

  for (const [query, ...texts] of [
    ['from:ana release', 'the release'],
    ['release FROM:Ana', 'the release'],
    ['from:"ana maria"', 'a release, too'],
    ['from：“Ana Maria” release', 'a release, too'],
    ['from:ana', 'the release'],
    ['from:ana from:zoe', 'lunch', 'the release'],
    ['from:小明', 'release 发布'],
    ['from:ana lunch'],
    ['from:an'],
    ['from: ana', 'from ana: the release'],
  ] as const) {
    test(`is found by name: ${query}`, () => {
      assert.deepEqual(openAuthors().bodies(query), texts);
    });
  }

  test('is found by any name, whatever else the message says', () => {
    const { append, find } = openStore();
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 32 });
    fc.assert(
      fc.property(
        name.filter((text) => nameKey(text) !== ''),
        (text) => {
          append(posted('hello', null, who('somebody', { name: text })));
          const plain = text.replaceAll(/["“”]/g, ' ');
          fc.pre(nameKey(plain) === nameKey(text));
          assert.equal(find(`hello from:"${plain}"`).hits[0]?.message.name, text);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('and the words are limited together, and a query of any text is parsed', () => {
    assert.equal(parseQuery('from:a '.repeat(11)), undefined);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const query = parseQuery(`from:${text}`.slice(0, 200));
        assert.ok(!query || query.phrases.length + query.authors.length <= 10);
      }),
    );
  });
});

test('A search finds what users suggest in a poll only while all users may see the results', () => {
  const { append, finds } = openStore();
  const shared = { room: 'class', who: who('asker'), at: 1 };
  const poll = {
    ...SPEC,
    kind: 'word-cloud' as const,
    options: [],
    maxChoices: 3,
    resultsVisibility: 'after-close' as const,
  };
  append({ ...shared, kind: 'poll-created', cid: null, poll, files: [] });
  append(suggested(who('asker'), 1, 'sunshine'));
  append({ kind: 'poll-tallied', room: 'class', id: 1, at: 2 });
  const ids = (text: string) => finds(text).map(({ id }) => id);
  assert.deepEqual(ids('which'), [1], 'its question can always be found');
  assert.deepEqual(ids('sunshine'), []);
  for (const [action, found] of [
    ['closed', [1]],
    ['reopened', []],
    ['revealed', [1]],
  ] as const) {
    append({ ...shared, kind: 'poll-changed', id: 1, action });
    assert.deepEqual(ids('sunshine'), found, action);
  }
});
