import type { View } from '../../shared/stage.ts';
import type { Erasing, RoomEventBase } from '../event.ts';

/** What the projectors of a room show was chosen; what is `undefined` stays. */
interface StageSet extends RoomEventBase {
  readonly kind: 'stage-set';
  readonly view: View | undefined;
  /** The id of a poll; `null`: the one that was started last. */
  readonly poll: number | null | undefined;
}

/** A question of a Q&A was put on the stage; `null`: the first is. */
interface QuestionStaged extends RoomEventBase {
  readonly kind: 'question-staged';
  readonly id: number;
  readonly option: number | null;
}

export type StageEvent = StageSet | QuestionStaged;

export const stageErasing: Erasing<StageEvent> = { 'stage-set': false, 'question-staged': false };
