import { Firefox } from '../support/browsers/firefox.ts';
import { commonSet } from './common-set.ts';

await commonSet('Firefox', () => Firefox.start());
