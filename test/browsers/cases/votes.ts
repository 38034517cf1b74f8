import { type Case, postMessage } from '../setup.ts';

const isCounted = () => document.querySelector('.results[data-total="1"]') !== null;

/** Whether something in colour is drawn below the middle, where no legend is. */
const isDrawn = () => {
  const canvas = document.querySelector<HTMLCanvasElement>('.poll canvas');
  const { width = 0, height = 0 } = canvas ?? {};
  if (width === 0) return false;
  const half = Math.floor(height / 2);
  const { data } = canvas?.getContext('2d')?.getImageData(0, half, width, half) ?? { data: [] };
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(at, at + 4);
    if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 90) return true;
  }
  return false;
};

export const votes: Readonly<Record<string, Case>> = {
  'A vote shows in the other tab': async (place) => {
    const [page, other] = [await place.open(), await place.open()];
    await postMessage(page, '/poll "Tea?" yes | no');
    await other.waitForVisible('.poll .option');
    await other.click('.poll .option');
    for (const tab of [page, other]) await tab.until(isCounted);
    await other.until(() => document.querySelector('.poll .option[aria-pressed=true]') !== null);
  },

  'The vote history of a poll with one vote shows that vote': async (place) => {
    const page = await place.open();
    await postMessage(page, '/poll "Tea?" yes | no');
    await page.waitForVisible('.poll .option');
    await page.click('.poll .option');
    await page.until(isCounted);
    await page.click('.poll-menu summary');
    await page.select('.chart-kind', 'over-time');
    await page.until(isDrawn);
  },
};
