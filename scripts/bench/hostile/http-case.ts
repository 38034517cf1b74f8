import type { AttackedServer } from './attacked-server.ts';
import type { Case } from './case.ts';
import { Connection } from './connection.ts';
import { type Request, requestBytes } from './request.ts';

interface HttpCase extends Pick<Case, 'target' | 'part' | 'input'> {
  /** Makes the request, from somebody who has sent nothing yet. */
  build(server: AttackedServer): Promise<Request>;
}

/**
 * An answer after which the connection stays open: a stream, which has said all when it says where one
 * is, or when it has greeted one on Tornado's `/chat`; or that an upgrade is needed.
 */
export const END_OF_STREAM =
  /id="live"|"type":"live"|^HTTP\/1\.1 (?:101 .*\r\n\r\n.*[\da-f-]{36}|426 .*\r\n\r\n)/s;

/** A request, from its first byte to the end of its answer. */
export function httpCase({ build, ...names }: HttpCase): Case {
  return {
    ...names,
    async prepare(server) {
      const bytes = requestBytes(await build(server));
      const connection = await Connection.open(server.port);
      return {
        isOpenEnded: false,
        async send() {
          connection.write(bytes);
          await connection.ended(END_OF_STREAM);
          return connection.status;
        },
        close: () => connection.close(),
      };
    },
  };
}
