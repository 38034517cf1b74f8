import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseName } from '../../server/auth/name.ts';
import { isReserved } from '../../server/auth/reserved-names.ts';
import { FILLERS, GUESTS, PRONOUNS, ROLES } from '../../server/auth/reserved-words.ts';
import { languages, t } from '../../server/shared/i18n.ts';
import { cpuMs, MAX_MS } from '../support/cpu.ts';

function reserves(names: readonly string[]): void {
  for (const name of names) assert.ok(isReserved(name), name);
}

suite('A reserved name', () => {
  test('Every word of the lists is reserved, in upper case too, except the fillers.', () => {
    for (const word of [...ROLES, ...PRONOUNS, ...GUESTS]) reserves([word, word.toUpperCase()]);
    for (const word of FILLERS) assert.ok(!isReserved(word), word);
  });

  test('The labels of a guest and of the reader are reserved, in both languages.', () => {
    for (const language of languages) {
      const guest = t(language, 'guest');
      reserves([t(language, 'you'), guest, `${guest} 1a2b3c`, `${guest}1a2b3c`]);
    }
  });

  test('A look-alike of a reserved word is reserved.', () => {
    reserves(['Аdmin', 'ᴀᴅᴍɪɴ', '🅰🅳🅼🅸🅽', 'ⓜⓞⓓ', 'rnoderator', 'Modеrator', 'adｍin', 'aclrnin']);
    reserves([
      'typh00n',
      'A11',
      'уоu',
      'Ｙ ｏ ｕ',
      'vlsitor',
      'Vіsіtоr 1',
      '管\u200b理员',
      'Ádmin',
      'a̷d̷m̷i̷n̷',
    ]);
  });

  test('A reserved word stays reserved with digits or symbols around, between or for its letters.', () => {
    reserves(['admin1', 'admin 123', '007 Admin', '[admin]', '~admin~', '✅admin✅', '管理员1号']);
    reserves(['a.d.m.i.n', 'a d m i n', '管 理 员', '系-统', 'Server 2', '@all']);
    reserves(['adm1n', '4dmin', '@dmin', '@dm1n99', 'm0d', '5ystem', '$erver', 'gue5t']);
  });

  test('A name of reserved words and fillers is reserved.', () => {
    reserves(['the host', 'Typhoon Bot', 'System message', 'Support Team', 'Real Typhoon']);
    reserves(['超级管理员', '系统消息', '官方客服', '聊天室管理']);
  });

  test('A moderator’s title next to another name is reserved.', () => {
    reserves([
      'Admin Bob',
      'Bob (mod)',
      'Bob | Admin',
      'Bob @dmin',
      '👑Admin👑 Bob',
      '管理员小王',
      '小王（房主）',
    ]);
  });

  test('Anything that looks like the label of a guest is reserved.', () => {
    reserves([
      'visitor',
      'Visitor 9aba87',
      'visitoraba87c',
      'guest_12xyz',
      'Guest123',
      'guest Bob',
    ]);
    reserves(['游客 9aba87', '游 客 1', '访客123456', '遊客', '游客小王']);
  });

  test('A name that merely contains such letters is not reserved.', () => {
    for (const name of [
      ...['Adminah', 'Badminton', 'Commodore', 'Modesta', 'Modena', 'Hostel', 'Botha', 'Abbott'],
      ...[
        'Roots',
        'Allan',
        'Hereward',
        'Mehdi',
        'Young',
        'Yousef',
        'Guestrin',
        'Christopher Guest',
      ],
      ...['Typhoon fan', 'my server', 'a visitor', 'Systema', 'Owen', '王管理学', '系统论', '我们'],
      ...[
        '游泳',
        '访问',
        '大家好',
        '张三',
        '1',
        '42',
        'Ann 3',
        '😀',
        'C++',
        'O’Brien',
        'ﷺ'.repeat(32),
      ],
    ]) {
      assert.ok(!isReserved(name), name);
    }
  });

  test('Every name is checked quickly.', async () => {
    const family = '👩🏽\u200d❤️\u200d💋\u200d👨🏿';
    for (const [character, count] of [
      ['ﷺ', 30],
      [family, 30],
      ['㈝', 30],
      ['i\u0307\u0323', 30],
      ['1@', 15],
      ['3 ', 15],
      ['管', 30],
    ] as const) {
      const name = parseName(`1${character.repeat(count)}3`);
      assert.ok((await cpuMs(() => isReserved(name))) < MAX_MS, name);
    }
  });
});
