/* Run as a worker by a page that is hidden: its timers are not slowed down, as those of the page are. */

setInterval(() => postMessage(null), 2_000);
