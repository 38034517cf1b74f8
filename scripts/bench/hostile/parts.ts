import type { Case } from './case.ts';
import { commandCases } from './commands-http.ts';
import { endpointCases } from './endpoints.ts';
import { frameCases } from './frames.ts';
import { historyCases } from './history-cases.ts';
import { pipelinedCases } from './pipelined.ts';

/** Cases that are sent to one server, one after another. */
export interface Part {
  readonly name: string;
  /** Whether the server starts with an expensive history. */
  readonly hasHistory: boolean;
  cases(): Generator<Case>;
}

export const parts: readonly Part[] = [
  { name: 'endpoints', hasHistory: false, cases: endpointCases },
  { name: 'commands', hasHistory: false, cases: commandCases },
  { name: 'frames', hasHistory: false, cases: frameCases },
  { name: 'pipelined', hasHistory: false, cases: pipelinedCases },
  { name: 'history', hasHistory: true, cases: historyCases },
];
