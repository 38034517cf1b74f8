import type { AttackedServer } from './attacked-server.ts';
import type { Case } from './case.ts';
import { Connection, END_OF_STREAM } from './connection.ts';
import { type Request, requestBytes } from './request.ts';

interface HttpCase extends Pick<Case, 'target' | 'part' | 'input'> {
  /** Builds the request, from a fresh client. */
  build(server: AttackedServer): Promise<Request>;
}

/** A request, from its first byte to the end of its response. */
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
