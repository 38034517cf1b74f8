import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { renderBody } from '../../../server/features/messages/body.ts';
import { assertKnownSlashCommand } from '../../../server/features/messages/known-slash-commands.ts';
import { parsePollCommand } from '../../../server/features/polls/create-poll.ts';

/** The question and the options of a typed poll, or its error code. */
function parsed(text: string): readonly string[] {
  try {
    const { question = 'none', options = [] } = parsePollCommand(text) ?? {};
    return [question, ...options];
  } catch (error) {
    return [(error as { code: string }).code];
  }
}

suite('A poll that is typed', () => {
  for (const [text, ...poll] of [
    ['/poll "Tea?" yes | no', 'Tea?', 'yes', 'no'],
    ['/poll "甲？" 乙｜丙', '甲？', '乙', '丙'],
    ['/poll 「甲」 乙｜丙', '甲', '乙', '丙'],
    ['/poll「甲」乙、丙', '甲', '乙', '丙'],
    ['／poll “甲？”乙｜丙', '甲？', '乙', '丙'],
    ['／ＰＯＬＬ ＂甲＂ 乙￨丙', '甲', '乙', '丙'],
    ["/poll 'Q' a | b", 'Q', 'a', 'b'],
    ["/poll 'What's up?' a | b", "What's up?", 'a', 'b'],
    ["/poll '甲？'乙｜丙", '甲？', '乙', '丙'],
    ['/poll ‘What’s up?’ a | b', 'What’s up?', 'a', 'b'],
    ['/poll “Is "x" good?” a | b', 'Is "x" good?', 'a', 'b'],
    ['/poll „Gut?“ ja | nein', 'Gut?', 'ja', 'nein'],
    ['/poll »Gut?« ja | nein', 'Gut?', 'ja', 'nein'],
    ['/poll « Oui ? » oui | non', 'Oui ?', 'oui', 'non'],
    ['/poll 《红楼梦》 看过│没看过', '红楼梦', '看过', '没看过'],
    ['/poll "果？" 苹果 | 香蕉｜梨', '果？', '苹果', '香蕉', '梨'],
    ['/poll "果？" 苹果、梨', '果？', '苹果', '梨'],
    ['/poll "果？" 苹果、梨 | 别的', '果？', '苹果、梨', '别的'],
    ['/poll "Q"\na\nb', 'Q', 'a', 'b'],
    ['/rate "好吗？"', '好吗？'],
    ['／words 「一个词」', '一个词'],
    ['、poll “甲？” 乙｜丙', '甲？', '乙', '丙'],
    ['、ｐｏｌｌ「甲」乙、丙', '甲', '乙', '丙'],
    ['、rate “好吗？”', '好吗？'],
  ] as readonly (readonly string[])[]) {
    test(`is read with the signs of any keyboard: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parsed(text ?? ''), poll);
    });
  }

  for (const [text, code] of [
    ['/poll Tea? yes | no', 'invalid-poll-command'],
    ['/poll "Tea? yes | no', 'invalid-poll-command'],
    ['/poll', 'invalid-poll-command'],
    ['、poll 甲？ 乙｜丙', 'invalid-poll-command'],
    ["/poll 'What's up? a | b", 'invalid-poll-command'],
    ['/poll "Tea?" yes, no', 'invalid-options'],
    ['/poll "Tea?"', 'invalid-options'],
    ['/poll "" a | b', 'invalid-question'],
    ['/poll "\u200b" a | b', 'invalid-question'],
    ['/rate "Good?" yes | no', 'invalid-question-command'],
    ['/words pizza', 'invalid-question-command'],
    ['/poll "Q" Yes | yes', 'duplicate-options'],
    ['/poll "Q" a\u200b | a', 'duplicate-options'],
    ['/poll "Q" Ａ | a', 'duplicate-options'],
    ['/poll "Q" Straße | STRASSE', 'duplicate-options'],
    ['/poll "Q" \u200b | \u2060', 'invalid-options'],
    ['/poll "Q" a | \u3164', 'invalid-options'],
  ] as const) {
    test(`is rejected, and no other poll is created: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parsed(text), [code]);
    });
  }

  test('is none where the text is a message', () => {
    for (const text of [
      'poll "a" b | c',
      '/me "a"',
      '//poll "a" b | c',
      '／／poll',
      '/pollen "a"',
      '、pollen "a"',
      '、、poll "a" b | c',
    ]) {
      assert.equal(parsePollCommand(text), undefined, text);
    }
    assert.throws(() => assertKnownSlashCommand('／dance'), { code: 'unknown-command' });
    assert.equal(renderBody('／／poll').body, '／poll');
    assert.ok(renderBody('／me waves').isEmote);
    assert.ok(renderBody('、me 挥手').isEmote);
    assert.throws(() => assertKnownSlashCommand('、help'), { code: 'help' });
    // Such a comma begins no unknown command, and no path.
    for (const text of ['、dance', '、usr/bin', '、苹果', '、']) {
      assertKnownSlashCommand(text);
      assert.equal(renderBody(text).body, text);
    }
  });
});
