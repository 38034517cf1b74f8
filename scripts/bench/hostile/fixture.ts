import type { TestUser } from '../../../test/support/test-user.ts';
import type { AttackedServer } from './attacked-server.ts';

/** A room with one of everything that a request or a command can be about. */
export interface Fixture {
  readonly room: string;
  /** The author of all of it, a moderator. */
  readonly author: TestUser;
  readonly message: number;
  readonly poll: number;
  /** A poll to which users add questions. */
  readonly questions: number;
  /** The attachment of a message. */
  readonly file: string;
}

export async function createFixture(server: AttackedServer): Promise<Fixture> {
  const author = await server.newModerator();
  const room = server.newRoom();
  const post = async (path: string, fields: object) => {
    const answer = await author.post(`/rooms/${room}/${path}`, fields);
    if (!answer.ok) throw new Error(`A room cannot be set up: ${await answer.text()}`);
    return answer.json();
  };
  const postMessage = async (message: string, files: readonly string[] = []): Promise<number> => {
    const { message: posted } = (await post('messages', { message, files })) as Posted;
    return posted.id;
  };
  const { file } = (await post('files?name=a.json', {})) as { file: { id: string } };
  const message = await postMessage('hello', [file.id]);
  const poll = await postMessage('/poll "Which?" one | two | three');
  const questions = await postMessage('/questions "What?"');
  return { room, author, message, poll, questions, file: file.id };
}

interface Posted {
  readonly message: { readonly id: number };
}
