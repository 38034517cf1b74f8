import { WebKit } from '../support/browsers/webkit.ts';
import { commonSet } from './common-set.ts';

await commonSet('WebKit', () => WebKit.start());
