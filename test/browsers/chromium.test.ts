import { Chromium } from '../support/browsers/chromium.ts';
import { commonSet } from './common-set.ts';

await commonSet('Chromium', () => Chromium.start());
