import { wordTime } from './clock.ts';

/* The page where one searches: the times are worded for the one who reads. */

for (const time of document.querySelectorAll('time')) wordTime(time);
