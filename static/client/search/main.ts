import { localizeTimes } from '../lib/clock.ts';

/* The page where one searches: the times are worded for the one who reads. */

localizeTimes(document);
