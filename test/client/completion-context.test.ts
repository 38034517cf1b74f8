import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  completionContext,
  namesFor,
  readCompleteEmoji,
} from '../../static/client/room/completion-context.ts';

suite('The completion of a text in the field', () => {
  test('is an emoji name, which Enter accepts after two Latin letters at the start of a word', () => {
    for (const before of [':smile', 'so :sm', '（:sm', '😀:sm', 'a\n:heart_eyes', ':T_T']) {
      const begun = completionContext(before);
      assert.equal(begun?.kind, 'emoji', before);
      assert.equal(begun?.from, before.lastIndexOf(':'));
      assert.equal(begun?.isMeant, before !== ':T_T', before);
    }
  });

  test('is an emoji name with the full-width signs of a Chinese keyboard, too, where no phrase ends', () => {
    for (const before of ['：smile', 'so ：sm', '好的。：sm', '😀：sm']) {
      const { kind, from, text, isMeant } = completionContext(before) ?? {};
      assert.deepEqual([kind, from, isMeant], ['emoji', before.indexOf('：'), true], before);
      assert.equal(text, before.slice(before.indexOf('：') + 1));
    }
    for (const before of [
      '答案：ok',
      '答案：水',
      '分数：100',
      '：水',
      '：100',
      '：D',
      '::sm',
      '网址：a',
    ]) {
      assert.equal(completionContext(before), undefined, before);
    }
    for (const before of ['：smile：', 'so ：tada：', '：tada:', ':tada：', '好的！：tada：']) {
      assert.equal(readCompleteEmoji(before)?.text, /[a-z]{3,}/.exec(before)?.[0], before);
    }
    for (const before of [
      '格式：key：',
      'a：tada：',
      '：：tada：',
      '：100：',
      '：+1：',
      '：水：',
    ]) {
      assert.equal(readCompleteEmoji(before), undefined, before);
    }
  });

  test('is nothing that Enter accepts in emoticons, times, answers and scores', () => {
    for (const before of [
      '答案:水',
      '天气:晴',
      '分数:100',
      '答案:ok',
      ':100',
      ':水',
      ':+',
      ':-1',
    ]) {
      assert.ok(!completionContext(before)?.isMeant, before);
    }
    for (const before of [
      ':-P',
      ':-)',
      ':D',
      ':P',
      ':)',
      '12:30',
      'a:bc',
      'std::cout',
      'http://x',
    ]) {
      assert.equal(completionContext(before), undefined, before);
    }
  });

  test('is the complete name of an emoji only where it can be meant', () => {
    for (const before of [':tada:', 'so :tada:', '太好了:tada:', ':100:', ':+1:', '1 :100:']) {
      assert.equal(readCompleteEmoji(before)?.from, before.slice(0, -1).lastIndexOf(':'), before);
    }
    for (const before of ['分数:100:', '答案:-1:', '12:30:', 'a:tada:', '::tada:', ':t:']) {
      assert.equal(readCompleteEmoji(before), undefined, before);
    }
  });

  test('is a name or a command, which Enter accepts once a letter of it is written', () => {
    const begun = (before: string) => {
      const { kind, text, isMeant } = completionContext(before) ?? {};
      return [kind, text, isMeant];
    };
    assert.deepEqual(begun('hi @an'), ['name', 'an', true]);
    assert.deepEqual(begun('请@小'), ['name', '小', true]);
    assert.deepEqual(begun('cc @Ann/@小'), ['name', '小', true]);
    assert.equal(completionContext('medium.com/@an'), undefined);
    assert.deepEqual(begun('until 8 @'), ['name', '', false]);
    assert.deepEqual(begun('/me'), ['command', 'me', true]);
    assert.deepEqual(begun('/'), ['command', '', false]);
    assert.deepEqual(begun('／ｐｏ'), ['command', 'po', true]);
    // It may be a comma: a command has to be chosen.
    assert.deepEqual(begun('、po'), ['command', 'po', false]);
    assert.equal(completionContext('、'), undefined);
    assert.deepEqual(begun('请＠小'), ['name', '小', true]);
    assert.deepEqual(begun('hi @“an'), ['name', 'an', true]);
    for (const before of ['a@b', '/usr/bin', 'so /me'])
      assert.equal(completionContext(before), undefined);
  });

  test('lists the names that begin with it first, whatever their case and width', () => {
    const names = ['Joanna', 'ANNA', 'Ａnn', 'Bob', '小明'];
    assert.deepEqual(namesFor('ann', names), ['ANNA', 'Ａnn', 'Joanna']);
    assert.deepEqual(namesFor('小', names), ['小明']);
    assert.deepEqual(namesFor('', names), names);
  });
});
