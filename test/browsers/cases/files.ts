import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/server.ts';
import { type Case, waitForMessage } from '../setup.ts';

/** A square of 8 × 8 pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGP4z8CAFWEXHbQSAO9ZP8FKDg8VAAAAAElFTkSuQmCC',
  'base64',
);

export const files: Readonly<Record<string, Case>> = {
  'A picture and a file that are attached arrive in the other tab': async (place, t) => {
    const folder = temporaryFolder(t);
    const [picture, text] = [join(folder, 'square.png'), join(folder, 'notes.txt')];
    await writeFile(picture, PNG);
    await writeFile(text, 'notes');
    const [page, other] = [await place.open(), await place.open()];
    await page.attach('#files', picture, text);
    await page.until(() => document.querySelectorAll('#attached li').length === 2);
    await page.fill('#message', 'look');
    await page.press('Enter');
    // What is not there yet is waited for.
    await waitForMessage(other, 'look');
    const width = await other.until(
      () => document.querySelector<HTMLImageElement>('.files img')?.naturalWidth,
    );
    assert.equal(width, 8);
    assert.match((await other.texts('.files .file')).join(), /notes\.txt/);
  },
};
