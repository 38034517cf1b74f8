import { localizeTimes } from '../lib/clock.ts';

/* The search page: times are localized. */

localizeTimes(document);
