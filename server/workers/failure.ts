import { ChatError } from '../core/errors.ts';
import { StorageError } from '../storage/storage-error.ts';

/** An error, as it is sent to another process. */
export type Failure =
  | { readonly chat: ChatError['code']; readonly details: ChatError['details'] }
  | { readonly storage: StorageError['failure']; readonly message: string }
  | { readonly message: string };

export function failureFor(error: unknown): Failure {
  if (error instanceof ChatError) return { chat: error.code, details: error.details };
  if (error instanceof StorageError) return { storage: error.failure, message: error.message };
  return { message: String(error) };
}

export function toError(failure: Failure): Error {
  if ('chat' in failure) return new ChatError(failure.chat, failure.details);
  if ('storage' in failure) return new StorageError(failure.message, failure.storage);
  return new Error(failure.message);
}
