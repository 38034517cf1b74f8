import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { toChatError } from '../core/errors.ts';
import { startBodyTimeout } from '../http/request/body-timeout.ts';
import type { KnownHosts } from '../http/request/hosts.ts';
import { languageOf } from '../http/request/language.ts';
import { oneByOne } from '../http/request/pipeline.ts';
import { dropLongPreferences } from '../http/request/preferences.ts';
import type { TransportParts } from './connection-registry.ts';
import { handleHttpTransport } from './http-transports.ts';
import { sendError } from './reject.ts';

interface Parts extends TransportParts {
  readonly hosts: KnownHosts;
  /** Serves what no transport does. */
  readonly webApp: RequestListener;
}

/** The `request` listener of Node's HTTP server: what is cheap to reject comes first. */
export function serveRequests(parts: Parts): RequestListener {
  return oneByOne((request, response) => void serve(request, response, parts));
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: Parts,
): Promise<void> {
  const { hosts, identity, admissionQueue, openResponses, timeouts, logger, webApp } = parts;
  startBodyTimeout(request, response, timeouts.bodyTimeoutMs);
  dropLongPreferences(request);
  try {
    hosts.accept(request);
    await admissionQueue.admit(identity.address(request));
    // A client that has left in the meantime needs no answer.
    if (response.closed) return;
    if (handleHttpTransport(request, response, parts)) return;
    openResponses.add(identity.address(request), response);
    webApp(request, response);
  } catch (error) {
    const refusal = toChatError(error, (e) => logger.error(e, 'a request failed'));
    parts.counters.refused(refusal.code);
    sendError(request, response, refusal, languageOf(request, parts.language));
  }
}
