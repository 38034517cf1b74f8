import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  DEFAULT_STAGE,
  formatStage,
  parseStage,
  type Stage,
  stagedPoll,
} from '../../server/shared/stage.ts';
import { emojiOf } from '../../static/client/projector/emoji-of.ts';
import { largestFitting } from '../../static/client/projector/fit.ts';
import { questionToolOf, toolOf } from '../../static/client/projector/keys.ts';
import { Program } from '../../static/client/projector/program.ts';
import { QuestionFocus } from '../../static/client/projector/question-focus.ts';

suite('The poll on the stage', () => {
  const poll = (id: number, isFollowed = true) => ({ id, isFollowed });

  test('is the one that was started last by a user who may start polls', () => {
    assert.equal(stagedPoll([poll(1), poll(2), poll(3, false)], null)?.id, 2);
    assert.equal(stagedPoll([poll(1, false)], null), undefined);
  });

  test('is one that was chosen, of any user, while it is there', () => {
    assert.equal(stagedPoll([poll(1), poll(2, false), poll(3)], 2)?.id, 2);
    assert.equal(stagedPoll([poll(1), poll(3)], 2)?.id, 3);
  });
});

suite('The questions on the stage', () => {
  const focus = (open: readonly number[], answered: readonly number[] = []) => {
    const questions = new QuestionFocus();
    const update = (now: readonly number[], done: readonly number[] = []) =>
      questions.update([
        ...now.map((option) => ({ option, isAnswered: false })),
        ...done.map((option) => ({ option, isAnswered: true })),
      ]);
    update(open, answered);
    return { questions, update };
  };

  test('begin with the first; a chosen one stays until it is answered', () => {
    const { questions, update } = focus([5, 6, 7], [8]);
    assert.deepEqual([questions.staged, questions.answeredCount], [5, 1]);
    questions.stage(7);
    update([6, 7, 5]);
    assert.deepEqual([questions.staged, questions.next], [7, [6, 5]]);
    update([6, 5], [7]);
    assert.equal(questions.staged, 6);
  });

  test('are selected by the arrows, within those that are shown', () => {
    const { questions } = focus([1, 2, 3, 4, 5, 6]);
    assert.deepEqual(questions.window(3), [2, 3, 4]);
    for (let n = 0; n < 9; n += 1) questions.move(1);
    assert.deepEqual([questions.selected, questions.window(3)], [6, [4, 5, 6]]);
    for (let n = 0; n < 9; n += 1) questions.move(-1);
    assert.deepEqual([questions.selected, questions.window(3)], [undefined, [2, 3, 4]]);
  });
});

suite('What a projector shows', () => {
  const join: Stage = { ...DEFAULT_STAGE, view: 'join' };
  const blank: Stage = { ...DEFAULT_STAGE, view: 'blank' };

  /** A program whose commands are answered one after the other, by `answer`. */
  function open(canControl = true) {
    const shown: string[] = [];
    const answers: (() => void)[] = [];
    const program = new Program(DEFAULT_STAGE, {
      show: ({ view }) => shown.push(view),
      send: () => (canControl ? new Promise((resolve) => answers.push(resolve)) : undefined),
    });
    const answer = async () => {
      answers.shift()?.();
      await new Promise(setImmediate);
    };
    return { program, shown, answer };
  }

  test('is what the room says, each time that changes', () => {
    const { program, shown } = open();
    program.follow(DEFAULT_STAGE);
    program.follow(join);
    program.follow({ ...join });
    assert.deepEqual(shown, ['join']);
  });

  test('changes at once by its own keys, and does not go back to what the room said before', async () => {
    const { program, shown, answer } = open();
    program.set({ view: 'join' }, {});
    program.set({ view: 'blank' }, {});
    program.follow(join);
    await answer();
    program.follow(blank);
    await answer();
    assert.equal(program.stage.view, 'blank');
    assert.ok(!shown.slice(shown.indexOf('blank')).includes('join'));
    program.follow(DEFAULT_STAGE);
    assert.equal(program.stage.view, 'poll');
  });

  test('follows what came from elsewhere after its own command', async () => {
    const { program, answer } = open();
    program.set({ view: 'join' }, {});
    program.follow(join);
    program.follow(blank);
    await answer();
    assert.equal(program.stage.view, 'blank');
  });

  test('is only here where the user does not control the projectors', () => {
    const { program } = open(false);
    program.set({ view: 'join' }, {});
    program.follow(DEFAULT_STAGE);
    assert.equal(program.stage.view, 'join');
  });

  test('has the same form in a fragment', () => {
    const stages: readonly Stage[] = [
      DEFAULT_STAGE,
      join,
      { view: 'poll', poll: 12, question: null },
      { view: 'blank', poll: null, question: { poll: 12, option: 0 } },
    ];
    for (const stage of stages)
      assert.deepEqual(parseStage(formatStage(stage) ?? undefined), stage);
    assert.deepEqual(parseStage('other,,,'), DEFAULT_STAGE);
  });
});

test('The largest size that fits is found in a few steps.', () => {
  let count = 0;
  const fits = (size: number) => {
    count += 1;
    return size <= 77;
  };
  assert.equal(largestFitting(12, 300, fits), 77);
  assert.ok(count <= 10, `${count} sizes were tried`);
  assert.equal(
    largestFitting(12, 300, () => false),
    12,
  );
  assert.equal(
    largestFitting(12, 10, () => true),
    12,
  );
});

test('Keys are those of either case, and of no inherited name.', () => {
  assert.deepEqual(['R', 'r', ' ', 'PageDown', '?', 'toString', 'a'].map(toolOf), [
    'reveal',
    'reveal',
    'open',
    'later',
    'keys',
    undefined,
    undefined,
  ]);
  assert.deepEqual(['A', 'Enter', 'x'].map(questionToolOf), ['answered', 'stage', undefined]);
});

test('Applause rises as the emoji of its text, or as hands.', () => {
  assert.deepEqual(['❤️ Ana', '🎉', 'Ana', '7'].map(emojiOf), ['❤️', '🎉', '👏', '👏']);
});
