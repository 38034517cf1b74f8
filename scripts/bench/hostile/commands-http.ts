import type { Case } from './case.ts';
import { COMMANDS, commandJson, fieldsOfCommands } from './commands.ts';
import { httpCase } from './http-case.ts';
import { BODY_BYTES, sizeName } from './sizes.ts';
import { MAX_LENGTHS, valuesFor } from './values.ts';

/* Each field of each command over plain HTTP, one at a time, with every kind of hostile value. */

export function* commandCases(): Generator<Case> {
  for (const { kind, field } of fieldsOfCommands()) {
    const sizes = [...(field in MAX_LENGTHS ? [MAX_LENGTHS[field] ?? 0] : []), BODY_BYTES];
    const path = kind === 'post-message' ? 'messages' : 'commands';
    for (const size of sizes) {
      for (const { name, json } of valuesFor(field)) {
        yield httpCase({
          target: `POST /rooms/:room/${path}`,
          part: `${kind}, ${field}`,
          input: `${name}, ${sizeName(size)}`,
          async build(server) {
            const fixture = await server.fixture(COMMANDS[kind].isSpent === true);
            const text = commandJson(kind, fixture, field, json(size));
            const headers = [
              ...server.guest().filter(([header]) => header !== 'Cookie'),
              ['Cookie', fixture.author.headers.Cookie ?? ''] as const,
              ['Content-Type', 'application/json'] as const,
              ['Accept', 'application/json'] as const,
            ];
            const target = `/rooms/${fixture.room}/${path}`;
            return { method: 'POST', target, headers, body: Buffer.from(text) };
          },
        });
      }
    }
  }
}
