import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { asRefusal } from '../core/errors.ts';
import { startBodyTimeout } from '../http/request/body-timeout.ts';
import type { KnownHosts } from '../http/request/hosts.ts';
import { oneByOne } from '../http/request/pipeline.ts';
import { dropLongPreferences } from '../http/request/preferences.ts';
import type { TransportParts } from './connection-registry.ts';
import { serveTransports } from './http-transports.ts';
import { refuse } from './reject.ts';

interface Parts extends TransportParts {
  readonly hosts: KnownHosts;
  /** Answers what no transport does. */
  readonly pages: RequestListener;
}

/** Takes what Node's HTTP server gives to its `request` listeners: what is cheap to refuse goes first. */
export function serveRequests(parts: Parts): RequestListener {
  return oneByOne((request, response) => void serve(request, response, parts));
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: Parts,
): Promise<void> {
  const { hosts, people, turns, openResponses, timing, logger, pages } = parts;
  startBodyTimeout(request, response, timing.requestMs);
  dropLongPreferences(request);
  try {
    hosts.accept(request);
    await turns.take(people.address(request));
    // Who went away meanwhile asks for nothing any more.
    if (response.closed) return;
    if (serveTransports(request, response, parts)) return;
    openResponses.add(people.address(request), response);
    pages(request, response);
  } catch (error) {
    refuse(
      request,
      response,
      asRefusal(error, (e) => logger.error(e, 'a request failed')),
    );
  }
}
