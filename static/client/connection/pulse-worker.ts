/* A worker for hidden pages: its timers are not throttled, as those of the page are. */

setInterval(() => postMessage(null), 2_000);
