import type { AttackedServer } from './attacked-server.ts';
import type { Case } from './case.ts';
import { Connection } from './connection.ts';
import { type Request, requestBytes } from './request.ts';

interface HttpCase extends Pick<Case, 'target' | 'part' | 'input'> {
  /** Makes the request, from somebody who has sent nothing yet. */
  build(server: AttackedServer): Promise<Request>;
}

/** A stream does not end: it has said all when it says where one is. Tornado's does not say it. */
export const END_OF_STREAM = /id="live"|"type":"live"|^HTTP\/1\.1 101 .*\r\n\r\n.*[\da-f-]{36}/s;

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
