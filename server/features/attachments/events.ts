import type { Erasing, RoomEventBase } from '../event.ts';
import type { Attachment } from './attachment.ts';

/** A file is on the disk: its uploader may attach it to one message. */
interface FileUploaded extends RoomEventBase {
  readonly kind: 'file-uploaded';
  readonly file: Attachment;
}

/** Files that no message carries were discarded. */
interface UploadsExpired {
  readonly kind: 'uploads-expired';
  readonly files: readonly string[];
  readonly at: number;
}

export type FileEvent = FileUploaded | UploadsExpired;

export const fileErasing: Erasing<FileEvent> = {
  'file-uploaded': false,
  'uploads-expired': false,
};
