import { shortUid } from '../../../server/shared/short-uid.ts';
import { t } from './messages.ts';

/** What a guest is called: by themselves, or by others. */
export function guestName(uid: string, isYou: boolean): string {
  return `${t(isYou ? 'you' : 'guest')} ${shortUid(uid)}`;
}
