import { ReportedError } from './errors.ts';

/** A room that could not apply a change of the log, and ends. */
export class RoomFailure extends ReportedError {
  override readonly name = 'RoomFailure';

  constructor(room: string, cause: unknown) {
    super(`The room ${room} could not apply a change`, { cause });
  }
}
