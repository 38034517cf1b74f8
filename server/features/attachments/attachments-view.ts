import type { Message } from '../../core/message.ts';
import { formatBytes } from '../../shared/format-bytes.ts';
import { filePath } from '../../shared/routes.ts';
import { template } from '../../templates.ts';
import { readFiles } from './apply-files.ts';
import type { Attachment } from './attachment.ts';

/** The maximum height of an image on the page; chat.css has it as 20rem. */
const MOST_HEIGHT = 320;
/** Of an image at least this many times as wide as it is high, the beginning is shown. */
const WIDE = 5;

interface FileShown {
  readonly name: string;
  readonly path: string;
  readonly size: string;
  /** The address and size of an image, so that the page reserves its space before it loads. */
  readonly picture?: {
    readonly src: string;
    readonly width: number;
    readonly height: number;
    readonly isTall: boolean;
    readonly isWide: boolean;
    readonly moves: boolean;
  };
}

const render = template<{ readonly files: readonly FileShown[] }>('files');

/** The attachments of a message, as a part of its fragment; empty if it has none. */
export function filesHtml(message: Message): string {
  const files = readFiles(message).map((file) => shown(message.room, file));
  return files.length === 0 ? '' : render({ files });
}

/** The same as JSON. */
export function filesJson(message: Message): readonly object[] {
  return readFiles(message).map((file) => fileJson(message.room, file));
}

export function fileJson(room: string, { id, name, size, picture }: Attachment): object {
  const { type, width, height, isAnimated, isFirstFrame } = picture ?? {};
  const path = filePath(room, id);
  return { id, name, size, type, width, height, path, isAnimated, isFirstFrame };
}

function shown(room: string, { id, name, size, picture }: Attachment): FileShown {
  const path = filePath(room, id);
  const file = { name, path, size: formatBytes(size) };
  if (!picture) return file;
  const { width, height } = picture.preview ?? picture;
  const isWide = width >= WIDE * height;
  const moves = picture.isAnimated ?? false;
  const isTall = height > width && height > MOST_HEIGHT;
  return { ...file, picture: { src: `${path}?preview`, width, height, isTall, isWide, moves } };
}
