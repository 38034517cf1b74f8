import type { FileSpec } from '../event.ts';
import { sizeOf } from '../file-size.ts';
import { pathOf } from '../room-path.ts';
import { readFiles } from '../store/files.ts';
import type { Message } from '../store/message.ts';
import { template } from './templates.ts';

/** The longer side of a picture among the messages, in pixels of a page. */
const SHOWN = 320;

interface FileShown {
  readonly name: string;
  readonly path: string;
  readonly size: string;
  /** Where a picture is shown, and how large: its place is there before it is. */
  readonly picture?: { readonly src: string; readonly width: number; readonly height: number };
}

const render = template<{ readonly files: readonly FileShown[] }>('files');

/** The files that a message carries, as a part of its fragment; nothing where there are none. */
export function filesHtml(message: Message): string {
  const files = readFiles(message).map((file) => shown(message.room, file));
  return files.length === 0 ? '' : render({ files });
}

/** The same for programs. */
export function filesJson(message: Message): readonly object[] {
  return readFiles(message).map((file) => fileJson(message.room, file));
}

export function fileJson(room: string, { id, name, size, picture }: FileSpec): object {
  const { type, width, height } = picture ?? {};
  return { id, name, size, type, width, height, path: pathOfFile(room, id) };
}

function shown(room: string, { id, name, size, picture }: FileSpec): FileShown {
  const path = pathOfFile(room, id);
  const file = { name, path, size: sizeOf(size) };
  if (!picture) return file;
  const scale = Math.min(1, SHOWN / Math.max(picture.width, picture.height));
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  const [width, height] = [scaled(picture.width), scaled(picture.height)];
  return { ...file, picture: { src: `${path}?preview`, width, height } };
}

function pathOfFile(room: string, id: string): string {
  return `${pathOf(room)}/files/${id}`;
}
