/** A time as the templates of messages, polls and system messages write it: in UTC. */
const TIME = /(<time[^<>]*>)((?:\d{4}-\d\d-\d\d )?\d\d:\d\d)(?::\d\dZ)?<\/time>/g;
/** A time that is its own text: to the second, with a Z. */
const BARE = /<time>(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\dZ)<\/time>/g;

/**
 * Says "UTC" with each time of a fragment, for a page without scripts; the script of a page shows
 * it in the zone of its reader. What users write can't look like one: in a text, every < is escaped.
 */
export function withUtcTimes(html: string): string {
  return html.replace(BARE, '<time datetime="$1T$2">$1 $2</time>').replace(TIME, '$1$2 UTC</time>');
}
