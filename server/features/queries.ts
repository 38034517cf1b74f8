import type { DatabaseSync } from 'node:sqlite';
import { positions } from '../storage/log-position.ts';
import { accountQueries } from './accounts/account-queries.ts';
import { administrationQueries } from './administration/administration-queries.ts';
import { moderatorActionQueries } from './administration/moderator-actions.ts';
import { fileQueries } from './attachments/file-queries.ts';
import { erasureQueries } from './erasure/erasure-queries.ts';
import { personQueries } from './export/person-export.ts';
import { membershipQueries } from './memberships/membership-queries.ts';
import { historyQueries } from './messages/history-queries.ts';
import { writerQueries } from './messages/writer-queries.ts';
import { pollQueries } from './polls/poll-queries.ts';
import { reportQueries } from './reports/report-queries.ts';
import { retentionQueries } from './retention/retention-queries.ts';
import { roomQueries } from './rooms/room-queries.ts';

/**
 * The queries that the store answers. Each is declared here alone, by its function: the event loop calls
 * it by its name, through a client of its type (storage/worker-client.ts).
 */
export function queries(db: DatabaseSync) {
  return {
    /** The log's epoch, and its last event. */
    position: positions(db),
    ...historyQueries(db),
    ...roomQueries(db),
    ...pollQueries(db),
    ...fileQueries(db),
    ...accountQueries(db),
    ...membershipQueries(db),
    ...writerQueries(db),
    ...reportQueries(db),
    ...administrationQueries(db),
    ...moderatorActionQueries(db),
    ...retentionQueries(db),
    ...erasureQueries(db),
    ...personQueries(db),
  };
}

export type Queries = ReturnType<typeof queries>;
